package leak_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// missed is a healthy run with one thing wrong, and the reason and remedy that
// must come of it.
type missed struct {
	name   string
	less   string               // lines with this are left out of the healthy run
	edit   func(string) string  // what the lines that stay say instead
	more   string               // and these come after it
	change func(tr *transcript) // what no line says
	reason string
	remedy string
	also   string // the one reason that follows from it; "" when it stands alone
}

func eachMinimum() []missed {
	return []missed{
		{name: "a self-check failed", change: failCheck, reason: "self-check storage failed: seen twice", remedy: "doctor"},
		{name: "no self-check", more: "bare", change: baseline, reason: "self-checks did not run", remedy: "doctor"},
		{name: "no baseline", more: "bare\nchecked cookies", reason: "baseline is missing: 0 empty-jar visitors of 2", remedy: "target is up"},
		{name: "half a baseline", more: "bare\nchecked cookies\nbaseline nobody GET / page main \"Hello\"\nends baseline", reason: "baseline is missing: 1 empty-jar visitor of 2", remedy: "target is up"},
		{name: "public pages that fail", more: "baseline nobody fails visit:/ refused", reason: "public pages could not be read before the first sign-up", remedy: "public paths answer"},
		{name: "no sign-up", more: "sign-up each fails see:Welcome no text", reason: "no customer could sign up: 4 of 4 failed", remedy: "by hand"},
		{name: "a journey never begun", more: "journeys shopper app", reason: "journey app was never begun", remedy: "--for"},
		{name: "a journey never ended", more: "walk\nrelay c01 fails see:Welcome no text", change: walkAs("app"), reason: "journey app was never walked to its end in 1 try: step 2", remedy: "by hand"},
		{name: "own data not shown", change: failShows, reason: "1 of 10 times a session was not shown its own data", remedy: "name only what they show"},
		{name: "no rounds", less: "relay", reason: "no round was walked", remedy: "--rounds", also: "fewer than 12 ordered pairs"},
		{name: "a schedule not walked", more: "schedules relay mingle\nends relay\nbegins mingle", change: endPhase("mingle", 2), reason: "no round of mingle was walked to its end", remedy: "--schedule"},
		{name: "few strong markers", change: poorCustomer, reason: "1 customer hold fewer than 2 strong markers: c04", remedy: "constraints"},
		{name: "more strong markers asked for", more: "minimum strong_kinds 9", reason: "4 customers hold fewer than 9 strong markers", remedy: "constraints"},
		{name: "own data missing", more: "walk\nrelay c01 GET /account page main \"Welcome\"", reason: "own data was seen in fewer than 95 % of the visits: page GET /account (12 of 13)", remedy: "were not shown their own data"},
		{name: "few pairs", less: "relay c01", reason: "fewer than 12 ordered pairs of customers met", remedy: "--customers"},
		{name: "more pairs asked for", more: "minimum pairs 13", reason: "fewer than 13 ordered pairs of customers met", remedy: "--customers"},
		{name: "unseen bodies", more: "walk\nrelay c01 GET /api/me response {} | unseen=evicted", reason: "more than 5 % of the bodies could not be had: response GET /api/me (1)", remedy: "list of unseen bodies"},
		{name: "no own place", less: "{", more: "solo each GET / page main \"Hello\"\nrelay each GET / page main \"Hello\"", reason: "no place showed two customers their own data", remedy: "`shows`"},
		{name: "a kind that faded", edit: withoutMail, reason: "what all of solo was shown of themselves, nobody in the rounds was: e-mail address at page GET /account", remedy: "came without it"},
		{name: "a contested slot", more: sometimesAnothers, reason: "solo was shown now its own, now another customer's value", remedy: "allow it"},
		{name: "an open suspicion", more: "walk\nbaseline nobody GET / set-cookie PHPSESSID {token:x}\nwalk\nbaseline nobody GET / set-cookie PHPSESSID {token:x}", reason: "suspicion F1 is open: shared token", remedy: "allow it"},
		{name: "an interrupt", more: "interrupted", reason: "the run was interrupted", remedy: "to its end"},
		{name: "a cut journal", more: "killed", reason: "the journal was cut short", remedy: "run again"},
		{name: "a journal cut in a phase", more: "begins relay\nkilled", reason: "cut short during relay", remedy: "run again"},
	}
}

// sometimesAnothers is a box that shows whoever bought last.
const sometimesAnothers = `solo c01 GET / page aside "Last bought by {c04.first}"
solo c01 GET / page aside "Last bought by {first}"
solo c02 GET / page aside "Last bought by {c01.first}"
solo c02 GET / page aside "Last bought by {first}"`

func TestEachMinimumAloneMakesTheRunInconclusive(t *testing.T) {
	source, err := os.ReadFile("testdata/healthy.txt")
	require.NoError(t, err)
	healthy, _, _ := strings.Cut(string(source), wantMark)
	require.Equal(t, leak.Isolated, judge(t, readTranscript(t, healthy), nil).Verdict, "the frame itself")
	for _, m := range eachMinimum() {
		t.Run(m.name, func(t *testing.T) {
			var lines []string
			for _, line := range strings.Split(healthy, "\n") {
				if m.edit != nil {
					line = m.edit(line)
				}
				if m.less == "" || !strings.Contains(line, m.less) {
					lines = append(lines, line)
				}
			}
			tr := readTranscript(t, strings.Join(lines, "\n")+"\n"+m.more)
			if m.change != nil {
				m.change(tr)
			}
			j := judge(t, tr, nil)
			require.Equal(t, leak.Inconclusive, j.Verdict, render(j))
			require.Contains(t, j.Reasons[0].Text, m.reason)
			require.Contains(t, j.Reasons[0].Remedy, m.remedy)
			if m.also == "" {
				require.Len(t, j.Reasons, 1, render(j))
				return
			}
			require.Len(t, j.Reasons, 2, render(j))
			require.Contains(t, j.Reasons[1].Text, m.also)
		})
	}
}

func failCheck(tr *transcript) {
	tr.add(history.Event{SelfCheck: &history.SelfCheck{Name: "storage", Detail: "seen twice"}})
}

// baseline is what bare leaves out, without the self-check.
func baseline(tr *transcript) {
	for _, id := range []string{"b1", "b2"} {
		tr.add(history.Event{Session: &history.Session{ID: id, Client: "browser", Customer: history.Nobody, Phase: history.PhaseBaseline}})
	}
	tr.add(history.Event{Phase: &history.Phase{Name: history.PhaseBaseline, Done: true}})
}

// walkAs makes the last session one of another journey.
func walkAs(journey string) func(*transcript) {
	return func(tr *transcript) {
		for i := len(tr.events) - 1; i >= 0; i-- {
			if s := tr.events[i].Session; s != nil {
				s.Journey = journey
				return
			}
		}
	}
}

func endPhase(name string, round int) func(*transcript) {
	return func(tr *transcript) {
		tr.add(history.Event{Phase: &history.Phase{Name: name, Round: round}})
	}
}

// failShows has every session look for its own data, one in vain.
func failShows(tr *transcript) {
	for i, outcome := range strings.Fields(strings.Repeat(history.StepDone+" ", 9) + history.StepFailed) {
		tr.add(history.Event{Step: &history.Step{
			Session: "s01", Part: "steps", Index: i + 1, Op: "shows", Text: "shows first", Start: tr.now, End: tr.now, Outcome: outcome,
		}})
	}
}

// poorCustomer leaves the last customer an e-mail address and a first name.
func poorCustomer(tr *transcript) {
	c := &tr.customers[3]
	*c = customer.Customer{ID: c.ID, First: c.First, Email: c.Email}
}

// withoutMail has the rounds' account pages show no e-mail address.
func withoutMail(line string) string {
	if strings.HasPrefix(line, "relay") {
		return strings.ReplaceAll(line, ` main>dd.mail "{email}"`, "")
	}
	return line
}

func TestTheScenarioSetsEachMinimum(t *testing.T) {
	source, err := os.ReadFile("testdata/healthy.txt")
	require.NoError(t, err)
	healthy, _, _ := strings.Cut(string(source), wantMark)
	for _, c := range []struct {
		name, more, eased, tightened string
		change                       func(*transcript)
	}{
		{name: "own_seen", more: "walk\nrelay c01 GET /account page main \"Welcome\"", eased: "minimum own_seen 0.9", tightened: "minimum own_seen 0.99"},
		{name: "unseen", more: "walk\nrelay c01 GET /api/me response {} | unseen=evicted", eased: "minimum unseen 0.1", tightened: "minimum unseen 0.01"},
		{name: "pairs", more: "wait 1s", eased: "minimum pairs 12", tightened: "minimum pairs 13"},
		{name: "strong_kinds", change: poorCustomer, eased: "minimum strong_kinds 1", tightened: "minimum strong_kinds 3"},
	} {
		for minimum, want := range map[string]leak.Verdict{c.eased: leak.Isolated, c.tightened: leak.Inconclusive} {
			tr := readTranscript(t, healthy+"\n"+c.more+"\n"+minimum)
			if c.change != nil {
				c.change(tr)
			}
			j := judge(t, tr, nil)
			require.Equal(t, want, j.Verdict, "%s: %s\n%s", c.name, minimum, render(j))
		}
	}
}
