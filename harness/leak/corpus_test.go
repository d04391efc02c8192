package leak_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

const (
	corpusSeed      = 31_05_2021
	corpusCustomers = 10_000
	corpusTokens    = 20_000
)

// corpus looks for people who do not exist in texts that others wrote.
type corpus struct {
	markers []customer.Marker // by pattern ID
	index   *match.Index
	masked  []corpusMasked
	maskOf  sync.Map // text of a mask → whose it can be, at most two

	mu       sync.Mutex
	bytes    int64
	files    int
	proofs   []string
	suspects []string
	weak     map[customer.Kind][]string
}

// corpusMasked is a value that shops show masked.
type corpusMasked struct {
	who, value string
	shape      match.Shape
}

// TestNobodyIsFoundInTextsThatOthersWrote searches 10,000 customers, with all
// their forms, parts and masks, and 20,000 tokens in files that came with
// installed software. There must be no proof; whatever else is found is
// printed with its surroundings.
//
// It reads about 20 MB of Go's own tree and of the module cache. With
// CROSSTALK_CORPUS=DIR:DIR… it reads all of those directories instead.
func TestNobodyIsFoundInTextsThatOthersWrote(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	start := time.Now()
	c := newCorpus(t)
	built := time.Since(start)
	files := corpusFiles(t)
	start = time.Now()
	twoAtATime(files, c.search)
	took := time.Since(start)
	t.Logf("%d patterns made in %v; %d files, %.1f MB in %v: %.1f MB/s", len(c.markers), built.Round(time.Millisecond),
		c.files, float64(c.bytes)/1e6, took.Round(time.Millisecond), float64(c.bytes)/1e6/took.Seconds())
	for _, kind := range slices.Sorted(func(yield func(customer.Kind) bool) {
		for k := range c.weak {
			if !yield(k) {
				return
			}
		}
	}) {
		found := c.weak[kind]
		slices.Sort(found)
		t.Logf("weak, counts only beside others: %s, %d times, as\n  %s", kind, len(found), strings.Join(found[:min(len(found), 5)], "\n  "))
	}
	slices.Sort(c.suspects)
	t.Logf("%d suspicions\n  %s", len(c.suspects), strings.Join(c.suspects[:min(len(c.suspects), corpusShown())], "\n  "))
	require.Positive(t, c.files)
	require.Empty(t, c.proofs, "seed %d", corpusSeed)
}

func newCorpus(t *testing.T) *corpus {
	t.Helper()
	customers, err := customer.Allocate(corpusSeed, corpusCustomers, customer.Constraints{})
	require.NoError(t, err)
	c := &corpus{weak: map[customer.Kind][]string{}}
	var patterns []match.Pattern
	for i := range customers {
		p := &customers[i]
		for _, m := range p.Markers() {
			shape := customer.ShapeOf(m.Kind)
			if m.Strength == customer.Silent || shape != match.ShapeDate && len(match.Key(m.Value)) < match.MinKey {
				continue
			}
			patterns = append(patterns, p.Pattern(m, len(c.markers)))
			c.markers = append(c.markers, m)
			if m.Kind == customer.Email || m.Kind == customer.Phone || m.Kind == customer.Name {
				c.masked = append(c.masked, corpusMasked{p.ID, m.Value, shape})
			}
		}
	}
	r := rand.New(rand.NewPCG(corpusSeed, 2))
	var issued []matrixKind
	for _, k := range matrixKinds() {
		if k.issue != nil && k.strength == customer.Strong {
			issued = append(issued, k)
		}
	}
	for i := range corpusTokens {
		k := issued[i%len(issued)]
		m := customer.Marker{Owner: fmt.Sprintf("t%05d", i), Kind: k.kind, Value: k.issue(r, i, nil), Strength: customer.Strong, Learned: true}
		patterns = append(patterns, customer.LearnedPattern(m.Kind, m.Value, len(c.markers)))
		c.markers = append(c.markers, m)
	}
	c.index, err = match.New(patterns)
	require.NoError(t, err)
	return c
}

func (c *corpus) search(f corpusFile) {
	body, err := os.ReadFile(f.path)
	if err == nil && f.mediaType == "application/gzip" {
		f.mediaType = "text/plain" // unpacked here, so that surroundings can be read
		body, err = corpusUnpack(body)
	}
	if err != nil || !f.isText(body) {
		return
	}
	r := match.Read(f.mediaType, body)
	for _, h := range c.index.Find(r) {
		c.weigh(f, body, h)
	}
	for _, s := range r.Segments() {
		for _, mask := range match.Masks(s.Text) {
			c.weighMask(f, s.Text, mask)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += int64(len(body))
	c.files++
}

// corpusUnpack decompresses a file, up to what is read of one.
func corpusUnpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, corpusLargest))
}

// weigh files what was found.
func (c *corpus) weigh(f corpusFile, body []byte, h match.Hit) {
	m := c.markers[h.ID]
	strength := m.Strength
	if h.Fragment > 0 {
		strength = customer.FragmentStrength(m.Kind, m.Value, h.Fragment)
	}
	said := fmt.Sprintf("%s of %s %q, %d bytes of it, %v in %s at %q: …%s…", m.Kind, m.Owner, m.Value, h.Fragment, h.Decoded, f.path, h.Where, corpusAround(body, h.Start, h.End))
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case strength == customer.Silent:
	case strength == customer.Strong:
		c.proofs = append(c.proofs, said)
	case h.Fragment > 0:
		c.suspects = append(c.suspects, said)
	default:
		c.weak[m.Kind] = append(c.weak[m.Kind], said)
	}
}

// weighMask suspects a mask that fits exactly one customer.
func (c *corpus) weighMask(f corpusFile, text string, mask match.Mask) {
	known, ok := c.maskOf.Load(mask.Text)
	if !ok {
		known, _ = c.maskOf.LoadOrStore(mask.Text, c.fits(mask))
	}
	who, _ := known.([]corpusMasked)
	if len(who) != 1 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.suspects = append(c.suspects, fmt.Sprintf("mask %q, which shows %d, fits %s of %s alone, in %s: …%s…",
		mask.Text, mask.Shown(), who[0].value, who[0].who, f.path, corpusAround([]byte(text), mask.Start, mask.End)))
}

// fits are the customers whose value a mask can have been made from; two are
// enough to know that it proves nothing.
func (c *corpus) fits(mask match.Mask) []corpusMasked {
	var who []corpusMasked
	for _, m := range c.masked {
		if mask.Fits(m.value, m.shape) && (len(who) == 0 || who[0].who != m.who) {
			if who = append(who, m); len(who) > 1 {
				return who
			}
		}
	}
	return who
}

// corpusAround is what stands around a hit, on one line.
func corpusAround(body []byte, start, end int) string {
	const near = 40
	if end-start > 400 {
		end = start + 400
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(body[max(0, start-near):min(len(body), end+near)]), "?")), " ")
}

// corpusShown is how many suspicions are printed.
func corpusShown() int {
	if n, err := strconv.Atoi(os.Getenv("CROSSTALK_CORPUS_SHOW")); err == nil {
		return n
	}
	return 200
}
