package leak_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzAnyRunIsJudgedAlikeHoweverItsJournalLies makes runs of the transcripts'
// language from foreign bytes, and asks of their judgement what must hold of
// any: that there is one, that the journal's order decides nothing, and that
// what nobody's data is in takes no finding away.
func FuzzAnyRunIsJudgedAlikeHoweverItsJournalLies(f *testing.F) {
	for seed := range uint64(24) {
		random := rand.New(rand.NewPCG(seed, 3))
		script := make([]byte, 6+random.IntN(90))
		for i := range script {
			script[i] = byte(random.Uint32())
		}
		f.Add(script, seed)
	}
	f.Fuzz(func(t *testing.T, script []byte, seed uint64) {
		text := runFrom(script)
		random := rand.New(rand.NewPCG(seed, 4))
		tr := readTranscript(t, text)
		j := judge(t, tr, nil)
		shuffled := judge(t, tr, random.Perm(len(tr.all())))
		require.Equal(t, render(j), render(shuffled), "in another order, %d:\n%s", seed, text)
		more := judge(t, readTranscript(t, withUnrelated(text, random)), nil)
		require.Subset(t, proofs(more), proofs(j), "with unrelated sightings, %d:\n%s", seed, text)
	})
}

// What a generated run is made of. %s is a customer's ID.
func shownThings() []string {
	return []string{
		`GET /account page header>a.me "Hi, {first}!" dd "{email}"`,
		`GET /account page header>a.me "Hi, {%s.first}!" dd "{%s.email}"`,
		`GET /account page header>a.me "Hi, {%s.first}!"`,
		`GET /account page dd "{%s.name}" p "{%s.birthday}"`,
		`GET /account page header>a.me "Hi, Mallory!" dd "mallory@elsewhere.example"`,
		`GET /account page main "Please sign in"`,
		`GET /account field input#gift@value "{%s.gift}"`,
		`GET /api/me response {"email":"{email}","first":"{first}","city":"{city}","ref":"{token}"}`,
		`GET /api/me response {"email":"{%s.email}","first":"{%s.first}","city":"{%s.city}","ref":"{token:%s}"}`,
		`GET /api/me response {"email":"{%s.email}"} | Date=10:00:20 Age=3 X-Cache=HIT`,
		`GET /api/me response {"email":"{%s.email}"} | took=700ms`,
		`GET /api/me response {"error":"gone"} | status=500`,
		`GET /api/me response {"email":"x"} | unseen=evicted`,
		`GET /cart set-cookie sid {token}`,
		`GET /cart set-cookie sid {token:%s}`,
		`GET /cart jar sid "{token:%s}"`,
		`GET /cart header X-Customer {%s.email}`,
		`POST /checkout response {"order":"1000{number}","total":"17,4{number} €"} | sent=gift={gift}`,
		`GET /orders response {"orders":[{"id":"1000{number}","note":"{%s.gift_note}"}]}`,
		`GET /invoice download text "{%s.name}, {%s.address}"`,
		`learns order 1000{number}`,
		`learns order AX7-{token:%s}`,
		`types gift /account`,
		`sign-out`,
		`signs-in`,
	}
}

// runFrom turns bytes into a run: a sound solo, then three bytes to a line.
func runFrom(script []byte) string {
	lines := []string{
		"customers 4",
		`solo each GET /account page header>a.me "Hi, {first}!" dd "{email}"`,
		`solo each GET /api/me response {"email":"{email}","first":"{first}","city":"{city}","ref":"{token}"}`,
		"solo each GET /cart set-cookie sid {token}",
		"walk",
	}
	things := shownThings()
	for ; len(script) >= 3; script = script[3:] {
		phase := []string{"relay", "mingle", "mingle", "solo"}[script[0]%4]
		who := []string{"c01", "c02", "c03", "c04", "nobody"}[script[0]/4%5]
		if script[0] >= 250 {
			lines = append(lines, []string{"walk", "wait 20s"}[script[1]%2])
			continue
		}
		thing := things[int(script[1])%len(things)]
		if who == "nobody" && (strings.Contains(thing, "{first}") || !strings.Contains(thing, "GET") || strings.Contains(thing, "number")) {
			continue // a passer-by has no values of his own
		}
		other := fmt.Sprintf("c0%d", script[2]%4+1)
		line := phase + " " + who + " " + strings.ReplaceAll(thing, "%s", other)
		if who == "nobody" {
			line = strings.NewReplacer("{token}", "{token:nobody}", "{email}", "", "{gift}", "").Replace(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
