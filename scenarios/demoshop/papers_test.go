package demoshop

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func striking(rate float64) *lever {
	awake := &atomic.Bool{}
	awake.Store(true)
	return &lever{awake: awake, variant: Plain, rate: rate, rng: rand.New(rand.NewPCG(1, 1))}
}

func TestPapersOfOneSecondClashAndThoseOfTheNextDoNot(t *testing.T) {
	clock := time.Unix(1_800_000_000, 0)
	p := &paperFolder{fault: striking(1), now: func() time.Time { return clock }}
	t.Cleanup(p.close)
	set := 0
	ask := func(who string) string {
		pdf, err := p.paper(invoicePaper(), who, func() ([]byte, error) { set++; return []byte(who + strconv.Itoa(set)), nil })
		require.NoError(t, err)
		return string(pdf)
	}
	assert.Equal(t, []string{"a1", "a1", "a1"}, []string{ask("a"), ask("b"), ask("a")})
	clock = clock.Add(time.Second)
	assert.Equal(t, []string{"b2", "b2"}, []string{ask("b"), ask("a")})
	assert.Equal(t, Count{2, 2}, p.fault.count, "one's own file is no opportunity")
}

func TestAFileIsRemovedInTimeAndTheFolderWithTheLast(t *testing.T) {
	clock := time.Unix(1_800_000_000, 0)
	p := &paperFolder{fault: striking(1), now: func() time.Time { return clock }}
	t.Cleanup(p.close)
	for range 2 {
		_, err := p.paper(invoicePaper(), "a", func() ([]byte, error) { return []byte("x"), nil })
		require.NoError(t, err)
		clock = clock.Add(time.Second)
	}
	dir := p.dir
	require.DirExists(t, dir)
	p.remove("invoice-1800000000.pdf")
	require.DirExists(t, dir)
	p.remove("invoice-1800000001.pdf")
	require.NoDirExists(t, dir)
	p.remove("invoice-1800000001.pdf") // late, as a timer can be
	_, err := os.Stat(dir)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestAShorterTextInAPooledBufferLeavesTheTailOfTheOneBefore(t *testing.T) {
	for _, tc := range []struct{ mine, next, read string }{
		{"my longer text", "theirs", "theirsger text"},
		{"mine", "their longer text", "thei"},
	} {
		b := &textBuffers{fault: striking(1)}
		first := b.write("a", []byte(tc.mine))
		assert.Same(t, first, b.write("b", []byte(tc.next)), "it had gone back already")
		assert.Equal(t, tc.read, string(b.read(first, "a", []byte(tc.mine))))
		assert.Equal(t, tc.next, string(b.read(first, "b", []byte(tc.next))), "whoever wrote last has no harm")
		assert.Equal(t, Count{1, 1}, b.fault.count)
	}
}

func TestAPooledBufferAtARateOfNothingIsReadInTime(t *testing.T) {
	b := &textBuffers{fault: striking(0)}
	first := b.write("a", []byte("mine"))
	b.write("b", []byte("theirs"))
	assert.Equal(t, "mine", string(b.read(first, "a", []byte("mine"))))
}
