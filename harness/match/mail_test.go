package match_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines ends lines as mail does.
func lines(text ...string) string { return strings.Join(text, "\r\n") + "\r\n" }

// places are where a body shows the name and the address, and how.
func places(t *testing.T, mediaType, body string) []string {
	t.Helper()
	var out []string
	for _, h := range newIndex(t, name, email).Search(mediaType, []byte(body)) {
		require.LessOrEqual(t, h.Start, h.End)
		require.LessOrEqual(t, h.End, len(body))
		out = append(out, strings.Join(append([]string{h.Where}, h.Decoded...), " "))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestAMailIsSeenWholeWithEachPlace(t *testing.T) {
	forward := lines("Subject: =?utf-8?B?"+b64("für "+name)+"?=", "Content-Type: text/html; charset=iso-8859-1",
		"Content-Transfer-Encoding: quoted-printable", "", "<p>An <b>Zo=EB Trem=", "baczyk</b></p>")
	mail := lines(
		"Received: by mx.example; Sun, 22 Nov 2026 17:08:07 +0000",
		"From: Shop <shop@shop.example>",
		"To: =?utf-8?q?Zo=C3=AB_Trem?=", " =?UTF-8?B?"+b64("baczyk")+"?= <"+email+">",
		"Subject: =?iso-8859-1*de?Q?Guten_Tag,_Zo=EB?= Trembaczyk",
		"Reply-To: "+email,
		`Content-Type: multipart/mixed; boundary="outer"`, "",
		"preamble", "--outer", `Content-Type: multipart/alternative; boundary="outer=2"`, "",
		"--outer=2", "Content-Type: text/plain; charset=utf-8; format=flowed", "Content-Transfer-Encoding: 8bit", "", "Guten Tag, Zoë ", "Trembaczyk,",
		"--outer=2", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", mimed("<h1>Hallo</h1><p>"+longText+name+"</p>"),
		"--outer=2--", "",
		"--outer", "Content-Type: application/pdf", `Content-Disposition: attachment; filename="=?utf-8?Q?Rechnung_Zo=C3=AB_Trembaczyk.pdf?="`,
		"Content-Transfer-Encoding: base64", "", mimed(string(invoice(t, false, true, name))),
		"--outer", "Content-Type: message/rfc822", "", forward,
		"--outer", "Content-Type: text/csv", "", "name;mail", name+";x",
		"--outer--", "epilogue",
	)
	want := []string{
		"application/pdf base64 pdf",
		"content-disposition quoted-printable",
		"message/rfc822›p>b quoted-printable",
		"message/rfc822›subject base64",
		"p base64",
		"reply-to",
		"subject quoted-printable",
		"text/csv",
		"text/plain fold", // over the end of a line
		"to quoted-printable",
	}
	assert.Equal(t, want, places(t, "message/rfc822", mail))
	assert.Empty(t, newIndex(t, "Somebody Elsewhere", "other.person@shop-test.example").Search("message/rfc822", []byte(mail)))
	unix := strings.ReplaceAll(mail, "\r\n", "\n")
	assert.Equal(t, want, places(t, "message/rfc822", unix), "with bare line feeds")
}

func TestMailsThatBreakTheRulesAreReadAllTheSame(t *testing.T) {
	part := lines("Content-Type: text/html", "Content-Transfer-Encoding: base64", "", mimed("<p>"+longText+name+"</p>"))
	for what, mail := range map[string]string{
		"an unquoted boundary":    lines("Content-Type: multipart/mixed; boundary=----=_Part_1", "", "------=_Part_1", part, "------=_Part_1--"),
		"a boundary in capitals":  lines("Content-Type: multipart/mixed; BOUNDARY=q", "", "--q", part, "--q--"),
		"no last boundary":        lines("Content-Type: multipart/mixed; boundary=q", "", "--q", part),
		"a line of a mailbox":     lines("From shop Sun Nov 22 17:08:07 2026", "Content-Type: multipart/mixed; boundary=q", "", "--q", part, "--q--"),
		"a line that is no field": lines("Broken line", "Content-Type: multipart/mixed; boundary=q", "", "--q", "broken", part, "--q--"),
		"blanks at the boundary":  lines("Content-Type: multipart/mixed; boundary=q", "", "--q  ", part, "--q-- "),
		"no header at all":        mimed("<p>" + longText + name + "</p>"),
	} {
		var found bool
		for _, p := range places(t, "message/rfc822", mail) {
			found = found || strings.HasSuffix(p, "base64")
		}
		assert.True(t, found, what)
	}
}

func TestValuesSplitOverEncodedWordsAreOne(t *testing.T) {
	for _, value := range []string{
		"=?utf-8?Q?Zo=C3=AB_?= =?utf-8?Q?Trembaczyk?=",
		"=?utf-8?B?" + b64("Zo\xc3") + "?=\r\n =?utf-8?B?" + b64("\xab Trembaczyk") + "?=", // in the middle of a letter
		"=?utf-8?Q?Zo=C3=AB_Trem?=\r\n\t=?us-ascii?Q?baczyk?=",
		"=?iso-8859-1?q?Zo=EB?= Trembaczyk",
		"\"=?utf-8?Q?Trembaczyk=2C_Zo=C3=AB?= Trembaczyk\" <x@y.example>",
	} {
		assert.NotEmpty(t, places(t, "message/rfc822", "To: "+value+"\r\n\r\n"), value)
	}
	for _, value := range []string{"=?utf-8?Q?", "=?utf-8?X?abc?=", "=????=", "=?utf-8?B?????=", "=?a?Q??="} {
		assert.Empty(t, places(t, "message/rfc822", "Subject: "+value+"\r\n\r\n"), value)
	}
}

func FuzzMailsAreTakenApartWithoutEnd(f *testing.F) {
	f.Add("multipart/mixed; boundary=q", "--q\r\nSubject: =?utf-8?Q?a=C3?= =?x\r\n\r\n--q--")
	f.Add("message/rfc822", "a: b\n c\nContent-Type: multipart/x; boundary=\"\"\n\n--\n--")
	x := newIndex(f, name, email)
	f.Fuzz(func(t *testing.T, mediaType, body string) {
		for _, h := range x.Search(mediaType, []byte(body)) {
			if h.Start < 0 || h.End < h.Start || h.End > len(body) {
				t.Fatalf("%q: %+v", body, h)
			}
		}
	})
}

func TestMailsMadeToBeSlowAreNot(t *testing.T) {
	for what, body := range map[string]string{
		"boundaries in one line": "Content-Type: multipart/mixed; boundary=q\r\n\r\n" + strings.Repeat("--q", 1<<18),
		"boundaries in lines":    "Content-Type: multipart/mixed; boundary=q\r\n\r\n" + strings.Repeat("--q\n", 1<<18),
		"words without end":      "Subject: " + strings.Repeat("=?utf-8?Q?", 1<<16) + "\r\n\r\n",
		"a header without end":   strings.Repeat("a: b\r\n", 1<<17),
		"a field without end":    "Subject: " + strings.Repeat("\r\n x", 1<<17) + "\r\n\r\n",
	} {
		began := time.Now()
		assert.Empty(t, places(t, "message/rfc822", body), what)
		assert.Less(t, time.Since(began), 5*time.Second, what)
		t.Log(what, time.Since(began))
	}
}
