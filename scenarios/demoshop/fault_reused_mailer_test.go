package demoshop_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/mailbox"
	"crosstalk/scenarios/demoshop"
)

// ways are the ways to pay, each with how somebody orders in it.
var ways = map[string]func(t *testing.T, base string, p person){
	"by card": func(t *testing.T, base string, p person) {
		c := newClient(t, base)
		c.signIn(p)
		c.buy(p, nil)
	},
	"on account": func(t *testing.T, base string, p person) {
		c := newClient(t, base)
		token := login(c, p)
		c.api("POST", "/api/basket", token, `{"product": 101, "quantity": 1}`)
		c.api("POST", "/api/orders", token, "{}")
	},
}

// confirmations opens a shop that sends mail, has the two customers order one
// after the other, and answers each one's mails beside the welcome, as text.
func confirmations(t *testing.T, faults []demoshop.Fault, order ...func(t *testing.T, base string)) (shop *demoshop.Shop, of func(owner string) []string) {
	t.Helper()
	box := newPostbox(t)
	shop, err := demoshop.New(demoshop.Options{Latency: -1, Seed: 7, SMTP: box.addr, Faults: faults})
	require.NoError(t, err)
	base := serve(t, shop)
	newClient(t, base).signUp(zoe(), nil)
	newClient(t, base).signUp(jan(), nil)
	for _, one := range order {
		one(t, base)
	}
	shop.Close()
	return shop, func(owner string) []string {
		var out []string
		for _, m := range box.of(owner)[1:] {
			out = append(out, wholeMail(t, m))
		}
		return out
	}
}

// wholeMail is a mail as its reader has it: whom it names, texts, file names.
func wholeMail(t *testing.T, m mailbox.Mail) string {
	h, texts, files := parts(t, m.Raw)
	to, err := h.AddressList("To")
	require.NoError(t, err)
	var b bytes.Buffer
	for _, one := range to {
		b.WriteString("To: " + one.Name + " <" + one.Address + ">\n")
	}
	for name := range files {
		b.WriteString(name + "\n")
	}
	return b.String() + texts["text/plain"] + texts["text/html"]
}

func TestAReusedMailerSpoilsTheMailsOfWhoeverPaysInTheSameWayNext(t *testing.T) {
	for way, pay := range ways {
		for _, l := range levels {
			t.Run(way+" "+l.name, func(t *testing.T) {
				var faults []demoshop.Fault
				if l.fault {
					faults = []demoshop.Fault{{Name: demoshop.ReusedMailer, Rate: l.rate}}
				}
				shop, of := confirmations(t, faults,
					func(t *testing.T, base string) { pay(t, base, zoe()) },
					func(t *testing.T, base string) { pay(t, base, jan()) })
				zoes, jans := of("zoe"), of("jan")
				require.NotEmpty(t, zoes)
				assert.NotContains(t, zoes[0], jan().last, "the first is right")
				require.Len(t, jans, 1)
				assert.Equal(t, l.leaks, strings.Contains(jans[0], zoe().email))
				assert.Contains(t, jans[0], jan().email, "it is addressed to them")
				if way == "by card" {
					require.Equal(t, l.leaks, len(zoes) == 2, "the one before is a recipient still")
					assert.Contains(t, zoes[len(zoes)-1], map[bool]string{true: jan().gift, false: zoe().gift}[l.leaks])
				} else {
					require.Len(t, zoes, 1)
					assert.Equal(t, l.leaks, strings.Contains(jans[0], zoe().address()), "the order before is confirmed again")
				}
				if l.fault {
					assert.Equal(t, 1, shop.Counts()[demoshop.ReusedMailer].Opportunities)
				}
			})
		}
	}
}

func TestAReusedMailerKeepsNothingFromOneWayToPayToTheOtherNorOfOneselfAlone(t *testing.T) {
	shop, of := confirmations(t, []demoshop.Fault{{Name: demoshop.ReusedMailer, Rate: 1}},
		func(t *testing.T, base string) { ways["by card"](t, base, zoe()) },
		func(t *testing.T, base string) { ways["on account"](t, base, jan()) },
		func(t *testing.T, base string) { ways["by card"](t, base, zoe()) })
	require.Len(t, of("zoe"), 2)
	require.Len(t, of("jan"), 1)
	assert.NotContains(t, strings.Join(of("zoe"), ""), jan().email)
	assert.NotContains(t, of("jan")[0], zoe().email)
	assert.Zero(t, shop.Counts()[demoshop.ReusedMailer].Opportunities)
}

func TestEachVariantOfAReusedMailerKeepsItsPartAndNothingElse(t *testing.T) {
	for way, pay := range ways {
		for _, v := range demoshop.Variants()[1:] {
			t.Run(way+" "+string(v), func(t *testing.T) {
				var zoes, jans secrets
				_, of := confirmations(t, []demoshop.Fault{{Name: demoshop.ReusedMailer, Variant: v, Rate: 1}},
					func(t *testing.T, base string) { zoes, jans = secretsOf(t, base, zoe()), secretsOf(t, base, jan()) },
					func(t *testing.T, base string) { pay(t, base, zoe()) },
					func(t *testing.T, base string) { pay(t, base, jan()) })
				require.Len(t, of("zoe"), 1)
				assert.ElementsMatch(t, demoshop.Variants(), zoes.in(of("zoe")[0]), "one's own mail shows each part")
				require.Len(t, of("jan"), 1)
				assert.Equal(t, []demoshop.Variant{v}, zoes.in(of("jan")[0]))
				assert.NotContains(t, jans.in(of("jan")[0]), v)
				assert.NotContains(t, of("jan")[0], zoe().last)
			})
		}
	}
}

func TestAMailSaysHowItsOrderIsPaid(t *testing.T) {
	_, of := confirmations(t, nil,
		func(t *testing.T, base string) { ways["by card"](t, base, zoe()) },
		func(t *testing.T, base string) { ways["on account"](t, base, zoe()) })
	require.Len(t, of("zoe"), 2)
	assert.Contains(t, of("zoe")[0], "Kort som slutar på 4242")
	assert.Contains(t, of("zoe")[1], "Mot faktura")
	assert.NotContains(t, of("zoe")[1], "4242")
}
