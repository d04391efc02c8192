package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// occurrence is what a search says about a text: which pattern stands where in
// the folded bytes.
type occurrence struct {
	id, start, end, fragment int
	decoded                  string
}

func (o occurrence) String() string {
	return fmt.Sprintf("%06d-%06d id %d fragment %d %s", o.start, o.end, o.id, o.fragment, o.decoded)
}

// scanned is what the index finds.
func scanned(x *Index, f Folded) []string {
	var all []string
	x.scan(f, func(e *entry, start, end int) {
		all = append(all, occurrence{e.id, start, end, e.fragment(end - start), e.decoded}.String())
	})
	slices.Sort(all)
	return all
}

// naive is what it should find: every form of every pattern compared at every
// position, and every fragment with every key.
func naive(patterns []Pattern, f Folded) []string {
	var all []string
	for _, p := range patterns {
		for _, form := range p.forms() {
			if len(form.key) < MinKey {
				continue
			}
			for _, o := range naiveForm(patterns, p.ID, form, f) {
				all = append(all, o.String())
			}
		}
	}
	slices.Sort(all)
	return all
}

func naiveForm(patterns []Pattern, id int, form form, f Folded) []occurrence {
	e := prepare(id, form)
	if from, to := e.part(); e.isFragment() && isShared(patterns, id, form.key[from:to]) {
		return nil
	}
	var all []occurrence
	for at := range len(f.bytes) + 1 {
		start, end := at, at
		switch form.kind {
		case formFragmentHead:
			end += commonPrefix(form.key, string(f.bytes[at:]))
		case formFragmentTail:
			start -= commonSuffix(form.key, string(f.bytes[:at]))
		default:
			if strings.HasPrefix(string(f.bytes[at:]), form.key) {
				end += len(form.key)
			}
		}
		if e.isFragment() && end-start >= MinKey && end-start < len(form.key) {
			start, end, _ = e.trim(f, start, end)
		}
		n := end - start
		if n >= MinKey && e.isFragment() == (n < len(form.key)) && e.stands(f, start, end) {
			all = append(all, occurrence{id, start, end, e.fragment(n), form.decoded})
		}
	}
	return all
}

// isShared says whether another ID's pattern has a key with this part.
func isShared(patterns []Pattern, id int, part string) bool {
	for _, p := range patterns {
		for _, form := range p.forms() {
			if p.ID != id && len(form.key) >= MinKey && strings.Contains(form.key, part) {
				return true
			}
		}
	}
	return false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-n-1] == b[len(b)-n-1] {
		n++
	}
	return n
}

// usable are the lines that can be patterns; every second has fragments, and
// three in a row are of one ID.
func usable(lines string) []Pattern {
	var patterns []Pattern
	for _, line := range strings.Split(lines, "\n") {
		p := Pattern{ID: len(patterns) / 3, Text: line, Fragments: len(patterns)%2 == 0}
		if forms := p.forms(); len(forms[0].key) >= MinKey && len(patterns) < 60 {
			patterns = append(patterns, p)
		}
	}
	return patterns
}

func checkScan(t *testing.T, patterns []Pattern, text string) int {
	t.Helper()
	x, err := New(patterns)
	require.NoError(t, err)
	f := Fold([]byte(text))
	want := naive(patterns, f)
	require.Equal(t, want, scanned(x, f), "patterns %q in %q", patterns, text)
	return len(want)
}

func FuzzScanFindsWhatANaiveSearchFinds(f *testing.F) {
	f.Add("abcdefgh\nabcdefghi\nbcdefghij", "abcdefghij abcdefgh")
	f.Add("aaaaaaaa\naaaaaaaaa\naaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	f.Add("Anna Bergman\nAnna Bergstrom\nHanna Bergmann", "Anna Bergm, Hanna Bergman na Bergmann")
	f.Add("070-174 06 35\n+46 70 174 06 35", "x0701740635 070/174.06.35 46701740635")
	f.Add("motegopisufohume\nmotegopi", "motegopisufo pisufohume motegopisufohum")
	f.Fuzz(func(t *testing.T, lines, text string) {
		if len(lines)+len(text) > 4000 {
			return
		}
		checkScan(t, usable(lines), text)
	})
}

func TestScanFindsEveryOverlappingOccurrenceAtEveryPosition(t *testing.T) {
	const seed = 7
	r, found := rand.New(rand.NewPCG(seed, 0)), 0
	for range 150 {
		alphabet := "ab 1"[:2+r.IntN(3)]
		lines := make([]string, 1+r.IntN(15))
		for i := range lines {
			lines[i] = spell(r, alphabet, MinKey+r.IntN(9))
		}
		text := spell(r, alphabet, 3) + strings.Join(lines, spell(r, alphabet+" ", r.IntN(4)))
		found += checkScan(t, usable(strings.Join(lines, "\n")), text[r.IntN(5):])
	}
	require.Greater(t, found, 300, "seed %d", seed)
}

func TestScanFindsTheShortestKeysAtBothEndsOfATextOfAnyLength(t *testing.T) {
	x, err := New([]Pattern{{ID: 1, Text: "qwertzui"}, {ID: 2, Text: "poiuztre"}})
	require.NoError(t, err)
	for n := range 70 {
		text := "qwertzui " + strings.Repeat("x", n) + " poiuztre"
		require.Len(t, scanned(x, Fold([]byte(text))), 2, text)
	}
	require.Len(t, scanned(x, Fold([]byte("qwertzui"))), 1)
	require.Empty(t, scanned(x, Fold([]byte("wertzui"))))
}
