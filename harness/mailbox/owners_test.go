package mailbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
)

func TestAnAddressIsItsOwnersHoweverItIsSpelled(t *testing.T) {
	owner := mailbox.Owners(map[string]string{
		"c01": "Anna.Berg@shop.example", "c02": "qa+c02@corp.example", "c03": "qa+c03@corp.example",
		"c04": "zoë@käthe.example", "c05": "x@xn--bcher-kva.example", "c06": "anna.berg@SHOP.example",
	})
	for address, want := range map[string]string{
		"anna.berg@shop.example":                  "c01",
		"ANNA.BERG@SHOP.EXAMPLE.":                 "c01",
		" Anna Berg <anna.berg@shop.example> ":    "c01",
		`"Berg, <Anna>" <anna.berg@shop.example>`: "c01",
		"anna.berg+orders@shop.example":           "c01",
		`"anna.berg"@shop.example`:                "c01",
		"qa+C02@corp.example":                     "c02",
		"qa+c03@corp.example":                     "c03",
		"qa+c04@corp.example":                     "",
		"qa@corp.example":                         "",
		"ZOË@xn--kthe-loa.example":                "c04",
		"zoe\u0308@KÄTHE.example":                 "c04",
		"x@bücher.example":                        "c05",
		"annaberg@shop.example":                   "",
		"":                                        "",
		"+":                                       "",
		"@":                                       "",
		"no address":                              "",
	} {
		require.Equal(t, want, owner(address), address)
	}
}

func TestAPlaceDoesNotDependOnTheCustomer(t *testing.T) {
	blank := func(s string) string {
		return strings.NewReplacer("Anna", "{}", "Berg", "{}", "Zoë Marie", "{}").Replace(s)
	}
	for subject, want := range map[string]string{
		"Welcome, Anna":                             "MAIL Welcome, {}",
		"Anna Berg, welcome":                        "MAIL {}, welcome",
		"Zoë Marie, welcome":                        "MAIL {}, welcome",
		"Your order #10042 (12,50 €) is on its way": "MAIL Your order {} ({}) is on its way",
		"Your order #7 (€12.50) is on its way":      "MAIL Your order {} ({}) is on its way",
		"Invoice: 2026-11-22.":                      "MAIL Invoice: {}.",
		"  a\t b\r\n c ":                            "MAIL a b c",
		"":                                          "MAIL (no subject)",
		"\x00":                                      "MAIL (no subject)",
		"Anna10042Berg":                             "MAIL {}",
		strings.Repeat("word ", 30):                 "MAIL " + strings.Repeat("word ", 15) + "word…",
	} {
		require.EqualValues(t, want, mailbox.PlaceOf(subject, blank), subject)
	}
	require.EqualValues(t, "MAIL Hi Anna", mailbox.PlaceOf("Hi Anna", nil))
}

func TestSubjectsAreReadableInAnyEncoding(t *testing.T) {
	for raw, want := range map[string]string{
		"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?B?IGF1cyBLw7ZsbiA=?=\r\n\r\n": "Grüße aus Köln",
		"Subject: =?iso-8859-2?Q?Zam=F3wienie?=\n\n":                                    "Zamówienie",
		"subject:plain\r\nSubject: second\r\n\r\nSubject: third":                        "plain",
		"From nobody Mon Nov 22\r\nbroken\r\nSubject: x\r\n\r\n":                        "x",
		"Subject: =?what?Q?a?=\r\n\r\n":                                                 "=?what?Q?a?=",
		"\r\nSubject: in the body":                                                      "",
		"Subject: \xff\xfe":                                                             "\ufffd",
		"":                                                                              "",
	} {
		p := open(t)
		c := p.dial("HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<anna@shop.example>\r\nDATA\r\n", raw, "\r\n.\r\n")
		p.hear(c, "queued")
		p.close(5e9)
		require.Equal(t, want, p.got()[0].Subject, raw)
	}
}

func FuzzAnyMailHasAPlace(f *testing.F) {
	f.Add("Your order #10042", "anna@shop.example")
	f.Add("=?utf-8?Q?=?= {}{}1{} €", `"a\"b"+c@[1.2.3.4]`)
	owner := mailbox.Owners(people)
	f.Fuzz(func(t *testing.T, subject, address string) {
		place := string(mailbox.PlaceOf(subject, nil))
		require.True(t, strings.HasPrefix(place, "MAIL "))
		require.LessOrEqual(t, len([]rune(place)), 85)
		require.False(t, strings.ContainsAny(strings.TrimPrefix(place, "MAIL "), "0123456789\n"), place)
		owner(address)
	})
}
