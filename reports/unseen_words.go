package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// unseenWords explain why something could not be seen, and what to do about it.
type unseenWords struct{ means, remedy string }

// knownUnseen are the reasons that drivers write as one word. Where nothing was
// missed that a person could look after, there is no remedy.
func knownUnseen(reason string) (unseenWords, bool) {
	w, ok := map[string]unseenWords{
		history.UnseenRedirect:  {"bodies of redirects, which browsers give nobody", "walk these places in an API journey too (client: api): it reads them"},
		history.UnseenCancelled: {"requests that the page itself gave up, or left behind by going on", ""},
		history.UnseenAborted:   {"cut off by the plan of the run", ""},
		history.UnseenSampled:   {"static files that all sessions are given, and that were read before", ""},
	}[reason]
	return w, ok
}

// unseenRemedies are what to do about reasons by a word in them, the first that
// fits. Drivers write reasons as sentences: they are their own explanation.
var unseenRemedies = []struct{ word, remedy string }{
	{"encrypted", "let the shop make documents without a password on staging"},
	{"too deep", "look at what is packed so often, and check it by hand"},
	{"not decoded", "look at what these bodies hold, and check it by hand"},
	{"not in the record", "keep the run's history folder whole if it is to be judged again"},
	{"preflight", "nothing: no page is shown it"},
	{"mail", "find out why the shop sends so much or so large mail, and whether its mail server ends in the middle"},
	{"in time", "find out why it takes so long, or give the step more time"},
	{"took too long", "find out why it takes so long, or give the step more time"},
	{"the document is", "look at this page by hand: it is larger than what is read of one"},
	{"the page has", "look at this page by hand: it is larger than what is read of one"},
	{"are shown", "look at this page by hand: it shows more than what is read of one"},
	{"a text was longer", "look at this page by hand: it shows more than what is read of one"},
	{"was being replaced", "give the journey a step that waits until the page has settled (see)"},
	{"the page could not be read", "look at this page by hand, and at what it does while crosstalk reads it"},
	{"tab", "find out why the page opens so many; crosstalk looks into a bounded number"},
	{"worker", "find out why the page starts so many; crosstalk looks into a bounded number"},
	{"frame", "find out why the page has so many; crosstalk looks into a bounded number"},
	{"too many", "find out why there are so many; crosstalk records a bounded number"},
	{"more than", "find out why there is so much; crosstalk records a bounded number"},
	{"the rest", "find out why there is so much; crosstalk records a bounded amount"},
	{"large", "use smaller files on staging, or check by hand what these hold"},
	{"long", "use smaller files on staging, or check by hand what these hold"},
	{"evicted", "use smaller files on staging, or check by hand what these hold"},
	{"session ended", "give the journey a last step that waits for it (see, or wait)"},
	{"ended before", "give the journey a last step that waits for it (see, or wait)"},
	{"broke off", "look into the shop's log for why its answer ended early"},
	{"cut off", "look into the shop's log for why its answer ended early"},
	{"keep it", "reach these places by an API journey too (client: api): it reads them"},
	{"kept none of it", "reach these places by an API journey too (client: api): it reads them"},
	{"by cors", "nothing, if no page is to read it; else let the shop allow the page's origin"},
	{"timeout", "find out why it takes so long, or give the step more time"},
	{"download", "check by hand what these files hold"},
	{"file", "check by hand what these files hold"},
}

// defaultUnseenRemedy is what can be done about any.
const defaultUnseenRemedy = "look at what these places show by hand, or reach them by another client (client: api)"

// explained says a reason for which something was unseen, in plain words.
func explained(reason string) unseenWords {
	if w, ok := knownUnseen(reason); ok {
		return w
	}
	w := unseenWords{cmp.Or(reason, "no reason was recorded"), defaultUnseenRemedy}
	for _, r := range unseenRemedies {
		if strings.Contains(strings.ToLower(reason), r.word) {
			w.remedy = r.remedy
			break
		}
	}
	return w
}

// unseenReason is what was unseen for one reason, and where.
type unseenReason struct {
	reason   string
	expected bool
	count    int
	places   []leak.Unseen
}

// unseenReasons are the reasons, those that count for a minimum first, then the
// most.
func (d digest) unseenReasons() []unseenReason {
	by := map[string]*unseenReason{}
	at := func(reason string) *unseenReason {
		if by[reason] == nil {
			_, known := knownUnseen(reason)
			by[reason] = &unseenReason{reason: reason, expected: known}
		}
		return by[reason]
	}
	for _, u := range d.UnseenPlaces {
		r := at(u.Reason)
		r.expected = u.Expected
		r.count += u.Count
		r.places = append(r.places, u)
	}
	for reason, n := range d.Unseen {
		r := at(reason)
		r.count = max(r.count, n)
	}
	var all []unseenReason
	for _, r := range by {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b unseenReason) int {
		if a.expected != b.expected {
			return cmp.Compare(a.rank(), b.rank())
		}
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.reason, b.reason))
	})
	return all
}

func (r unseenReason) rank() int {
	if r.expected {
		return 1
	}
	return 0
}

// namedPlaces is how many places a reason names.
const namedPlaces = 3

// where names the places at which most was unseen.
func (r unseenReason) where() string {
	var named []string
	for _, u := range r.places[:min(len(r.places), namedPlaces)] {
		named = append(named, fmt.Sprintf("%s (%s, %s)", elide(string(u.Place), wayWord), surfaceWords(u.Surface), number(u.Count)))
	}
	if left := len(r.places) - len(named); left > 0 {
		named = append(named, count(left, "place more", "places more"))
	}
	return listed(named)
}

// Headings of what was not seen, and of what was seen and is nobody's.
const (
	headUnseen = "What could not be seen, and what to do"
	headStrays = "Mail to addresses that are nobody's"
)

// unseenLines say for each reason how much could not be seen, where, and what
// to do about it. A brief list leaves out where what is counted apart was.
func (d digest) unseenLines(brief bool) []string {
	var lines []string
	for _, r := range d.unseenReasons() {
		w := explained(r.reason)
		line := number(r.count) + " × " + w.means
		if where := r.where(); where != "" && (!brief || !r.expected) {
			line += ", at " + where
		}
		if r.expected {
			line += " [counted apart]"
		}
		if w.remedy != "" {
			line += " → " + w.remedy
		}
		lines = append(lines, line)
	}
	return lines
}

// strayLines are the mails to addresses that are nobody's.
func (d digest) strayLines() []string {
	var lines []string
	for _, s := range d.Mail.Strays {
		line := fmt.Sprintf("%s × “%s” to %s", number(s.Count), s.Subject, s.To)
		if s.Earlier != "" {
			line += ", the address of " + s.Earlier + ", a customer of an earlier run: its account is still there"
		}
		lines = append(lines, line)
	}
	return lines
}
