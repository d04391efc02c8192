package leak_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// A transcript is a run in a few lines; see testdata/README.md.
type transcript struct {
	t         testing.TB
	customers []customer.Customer
	scenario  scenarios.Scenario
	events    []history.Event
	bodies    *history.Memory
	now       history.Moment
	sessions  map[string]string // phase and who → session
	walk      int               // rounds
	device    int               // of the same round
	id        int
	varying   int
	stranger  bool // the session that is opened next is not signed in
	bare      bool
	bystander map[string]bool
	boxes     map[string]bool // mailboxes that were opened
	schedules []string
	journeys  []string // the run was narrowed to these
	places    []string // likewise
	end       history.End
	ended     bool
}

const tick = history.Moment(100_000)

func readTranscript(t testing.TB, text string) *transcript {
	tr := &transcript{t: t, bodies: history.NewMemory(), sessions: map[string]string{}, now: 1_000_000, ended: true}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		require.NoError(t, tr.line(line), "line %d: %s", i+1, line)
	}
	return tr
}

// memory is the history of the transcript, its events in the given order.
func (tr *transcript) memory(order []int) bodied {
	m := tr.bodies
	all := tr.all()
	fresh := history.NewMemory()
	if order == nil {
		for i := range all {
			order = append(order, i)
		}
	}
	for _, i := range order {
		fresh.Append(all[i])
	}
	return withBodies(fresh, m)
}

// all are the transcript's events with what makes a run sound around them.
func (tr *transcript) all() []history.Event {
	all := []history.Event{{Run: &history.Run{Schema: history.SchemaVersion, Target: "http://shop.test", Schedules: tr.schedules, Journeys: tr.journeys, Places: tr.places}}}
	for _, c := range tr.customers {
		record, err := json.Marshal(c)
		require.NoError(tr.t, err)
		all = append(all, history.Event{Customer: &history.Customer{ID: c.ID, Record: record, Bystander: tr.bystander[c.ID]}})
	}
	if !tr.bare {
		all = append(all, history.Event{SelfCheck: &history.SelfCheck{Name: "cookies", OK: true}},
			history.Event{Phase: &history.Phase{Name: history.PhaseBaseline}},
			history.Event{Session: &history.Session{ID: "b1", Client: "browser", Customer: history.Nobody, Phase: history.PhaseBaseline}},
			history.Event{Session: &history.Session{ID: "b2", Client: "browser", Customer: history.Nobody, Phase: history.PhaseBaseline}},
			history.Event{Phase: &history.Phase{Name: history.PhaseBaseline, Done: true}})
	}
	all = append(all, tr.events...)
	if tr.ended {
		all = append(all, history.Event{At: tr.now, End: &tr.end})
	}
	return all
}

func (tr *transcript) line(line string) error {
	words := strings.Fields(line)
	switch words[0] {
	case "customers":
		n, err := strconv.Atoi(words[1])
		tr.customers = people(n)
		return err
	case "wait":
		d, err := time.ParseDuration(words[1])
		tr.now += history.Moment(d.Microseconds())
		return err
	case "walk":
		tr.walk++
		return nil
	case "device":
		tr.device++
		return nil
	case "bare":
		tr.bare = true
		return nil
	case "begins": // begins PHASE, and never ends
		tr.add(history.Event{Phase: &history.Phase{Name: words[1], Round: 1}})
		return nil
	case "ends": // ends PHASE, which need not have begun
		tr.add(history.Event{Phase: &history.Phase{Name: words[1], Round: 1, Done: true}})
		return nil
	case "schedules": // schedules NAME…, that were asked for
		tr.schedules = words[1:]
		return nil
	case "checked": // checked NAME
		tr.add(history.Event{SelfCheck: &history.SelfCheck{Name: rest(line, 1), OK: true}})
		return nil
	case "journeys": // journeys NAME…, each of one step
		for _, name := range words[1:] {
			tr.scenario.Journeys = append(tr.scenario.Journeys, scenarios.Journey{Name: name, Steps: []scenarios.Step{{Op: scenarios.Visit, URL: "/"}}})
		}
		return nil
	case "interrupted":
		tr.end.Interrupted = true
		return nil
	case "killed":
		tr.ended = false
		return nil
	case "allow": // allow KIND PLACE
		tr.scenario.Allow = append(tr.scenario.Allow, scenarios.Allowance{Kind: customer.Kind(words[1]), Place: strings.Join(words[2:], " "), Reason: "the test says so"})
		return nil
	case "earlier": // earlier RUN CUSTOMER KIND VALUE, of a remembered run
		tr.add(history.Event{Earlier: &history.Earlier{Run: words[1], Customer: words[2], Markers: []history.EarlierValue{{Kind: words[3], Value: tr.fill("c01", words[4])}}}})
		return nil
	case "bystanders", "posted": // see transcript_mail_test.go
		return tr.mail(line, words)
	case "window", "narrowed", "hook", "pace": // see transcript_rounds_test.go
		return tr.round(line, words)
	case "echo", "minimum": // see transcript_tokens_test.go
		return tr.demand(words)
	case "lost":
		tr.add(history.Event{Lost: &history.Lost{Session: tr.session(words[1], words[2]), What: "tab", Reason: "crashed"}})
		return nil
	}
	return tr.who(line, words)
}

func (tr *transcript) who(line string, words []string) error {
	if words[1] != "each" {
		return tr.shown(words[0], words[1], rest(line, 2))
	}
	for _, c := range tr.customers {
		if err := tr.shown(words[0], c.ID, rest(line, 2)); err != nil {
			return err
		}
	}
	return nil
}

// rest is the line without its first n words.
func rest(line string, n int) string {
	for range n {
		line = strings.TrimSpace(line)
		_, line, _ = strings.Cut(line, " ")
	}
	return strings.TrimSpace(line)
}

func (tr *transcript) add(e history.Event) {
	e.At = tr.now
	tr.events = append(tr.events, e)
}

func (tr *transcript) key(phase, who string) string {
	return fmt.Sprintf("%s %s %d %d", phase, who, tr.walk, tr.device)
}

// session of a customer in a phase; the first mention opens it, signed in.
func (tr *transcript) session(phase, who string) string {
	key := tr.key(phase, who)
	if id, ok := tr.sessions[key]; ok {
		return id
	}
	id := fmt.Sprintf("s%02d", len(tr.sessions)+1)
	tr.sessions[key] = id
	if phase == history.PhaseBaseline {
		tr.bare = tr.bare || false
	}
	tr.add(history.Event{Session: &history.Session{ID: id, Client: "browser", Journey: "shopper", Customer: who, Phase: phase, Round: tr.walk}})
	tr.add(history.Event{Step: &history.Step{Session: id, Part: "steps", Op: "visit", Text: "visit /", Start: tr.now, End: tr.now, Outcome: history.StepDone}})
	tr.add(history.Event{Closed: &history.Closed{Session: id}})
	if who != history.Nobody && phase != history.PhaseBaseline && !tr.stranger {
		tr.add(history.Event{Identity: &history.Identity{Session: id, Customer: who, State: history.SignedIn}})
	}
	return id
}

// shown handles "METHOD PATH SURFACE …", "sign-out", "becomes c02",
// "fails STEP ERROR" and "learns KIND VALUE".
func (tr *transcript) shown(phase, who, what string) error {
	tr.stranger = what == "comes"
	session := tr.session(phase, who)
	what, options, _ := strings.Cut(what, " | ")
	words := strings.Fields(what)
	now := tr.now
	defer func() {
		if tr.now == now {
			tr.now += tick
		}
	}()
	switch words[0] {
	case "sign-out":
		tr.add(history.Event{Identity: &history.Identity{Session: session, Customer: who, State: history.SignedOut}})
		return nil
	case "becomes":
		tr.add(history.Event{Identity: &history.Identity{Session: session, Customer: words[1], State: history.Became}})
		tr.sessions[tr.key(phase, words[1])] = session
		return nil
	case "comes":
		return nil
	case "signs-in":
		tr.add(history.Event{Identity: &history.Identity{Session: session, Customer: who, State: history.SignedIn}})
		return nil
	case "cut":
		return tr.cut(session, words[1])
	case "step": // see transcript_rounds_test.go
		return tr.step(session, words[1:], rest(what, 5))
	case "fails":
		tr.add(history.Event{Step: &history.Step{Session: session, Part: "steps", Index: 1, Op: "see", Text: tr.fill(who, words[1]), Start: tr.now, End: tr.now, Outcome: history.StepFailed, Error: rest(what, 2)}})
		return nil
	case "types":
		tr.add(history.Event{Step: &history.Step{Session: session, Part: "steps", Op: "fill", Text: "fill with {{" + words[1] + "}}", Start: tr.now, End: tr.now, Outcome: history.StepDone, URL: "http://shop.test" + words[2]}})
		return nil
	case "learns":
		tr.add(history.Event{Learned: &history.Learned{Session: session, Customer: who, Kind: words[1], Value: tr.fill(who, words[2])}})
		return nil
	}
	return tr.surface(phase, who, session, words, rest(what, 3), parseOptions(options))
}

var value = regexp.MustCompile(`\{(?:(c\d+)\.)?([a-z_]+)(?::([^{}\s"]+))?\}`)

// fill replaces {kind} by the viewer's own value, {c02.kind} by another's, and
// {token:label} by a random-looking token that depends on the label alone;
// {token} depends on the viewer.
func (tr *transcript) fill(who, text string) string {
	return value.ReplaceAllStringFunc(text, func(found string) string {
		m := value.FindStringSubmatch(found)
		owner := who
		if m[1] != "" {
			owner = m[1]
		}
		if m[2] == "token" {
			label := m[3]
			if label == "" {
				label = fmt.Sprintf("%s/%d", owner, tr.walk)
			}
			sum := sha256.Sum256([]byte(label))
			return hex.EncodeToString(sum[:12])
		}
		if m[2] == "key" {
			return keyOf(owner, m[3])
		}
		if m[2] == "number" {
			return owner[1:]
		}
		if m[2] == "fresh" || m[2] == "pick" { // see transcript_shops_test.go
			return tr.varied(m[2], m[3])
		}
		for i := range tr.customers {
			if tr.customers[i].ID == owner {
				if m[2] == "amount" {
					return amountOf(&tr.customers[i], m[3])
				}
				v, ok := tr.customers[i].Field(m[2])
				require.True(tr.t, ok, found)
				return v
			}
		}
		return found
	})
}
