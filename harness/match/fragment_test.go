package match

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pieces are the fragments an index finds in a text, as their folded bytes.
func pieces(t *testing.T, text string, patterns ...Pattern) []string {
	t.Helper()
	x, err := New(patterns)
	require.NoError(t, err)
	var all []string
	f := Fold([]byte(text))
	x.scan(f, func(e *entry, start, end int) {
		if e.fragment(end-start) > 0 {
			all = append(all, string(f.bytes[start:end]))
		}
	})
	slices.Sort(all)
	return all
}

func TestFragmentsAreFoundAsFarAsTheyGo(t *testing.T) {
	token := Pattern{ID: 1, Text: "motegopisufohume", Fragments: true}
	for _, c := range []struct {
		text string
		want []string
	}{
		{"motegopisufohume", nil},
		{"motegopi", []string{"motegopi"}},
		{"motegopisu\x00\x00", []string{"motegopisu"}},
		{"motegopisuXYZ", []string{"motegopisu"}},
		{"\x00pisufohume", []string{"pisufohume"}},
		{"xyzpisufohume", []string{"pisufohume"}},
		{"motegop tegopisufohum", nil},
		{"motegopisu and pisufohume", []string{"motegopisu", "pisufohume"}},
		{"unmotegopi", nil},
		{"sufohumeri", nil},
		{"MotegoPI", []string{"motegopi"}},
		{"Motego-PI", nil},
		{"motego pisu", nil},
		{"motegopisu, for", []string{"motegopisu"}},
		{"xo, pisufohume", []string{"pisufohume"}},
	} {
		assert.Equal(t, c.want, pieces(t, c.text, token), c.text)
	}
	assert.Empty(t, pieces(t, "motegopisu", Pattern{ID: 1, Text: token.Text}), "not asked for")
}

func TestFragmentsThatAnotherPatternHasSayNothing(t *testing.T) {
	berg := Pattern{ID: 1, Text: "Anna Bergman", Fragments: true}
	text := "Anna Bergm, na Bergman"
	assert.Equal(t, []string{"annabergm", "nabergman"}, pieces(t, text, berg))
	assert.Equal(t, []string{"nabergman"}, pieces(t, text, berg, Pattern{ID: 2, Text: "Anna Bergström"}))
	assert.Equal(t, []string{"nabergman"}, pieces(t, text, berg, Pattern{ID: 2, Text: "the Anna Bergh price"}), "in the middle of it")
	assert.Empty(t, pieces(t, text, berg, Pattern{ID: 2, Text: "Hanna Bergmann"}))
	assert.Equal(t, []string{"annabergm", "nabergman"}, pieces(t, text, berg, Pattern{ID: 1, Text: "Anna Bergström"}), "its own")
}

func TestFragmentsDoNotCrossFromOneValueToTheNext(t *testing.T) {
	name := Pattern{ID: 1, Text: "Jürgen Haverkamp", Shape: ShapeName, Fragments: true}
	for _, text := range []string{
		"Jürgen\nHaverl", "Jürgen\tHaverl", "Jürgen|Haverl", "Jürgen:Haverl", "Jürgen/Haverl", "Jürgen;Haverl", `Jürgen"Haverl`,
		"[Jürgen]Haverl", "Jürgen=Haverl",
	} {
		assert.Empty(t, pieces(t, text, name), text)
	}
	for _, text := range []string{
		"Jürgen Haverl", "Jürgen\u00a0Haverl", "Jürgen-Haverl", "J&uuml;rgen.Haverl", "J%C3%BCrgen%20Haverl", "Jürgen,Haverl", "Ju\u0308rgen+Haverl", "jurgen_haverl",
	} {
		assert.Equal(t, []string{"jurgenhaver"}, pieces(t, text, name), text)
	}
	assert.Equal(t, []string{"abcd1234ef"}, pieces(t, "abcd:1234/ef", Pattern{ID: 1, Text: "abcd:1234/ef56gh78", Fragments: true}), "its own signs")
}

func TestAFragmentIsInOnePiece(t *testing.T) {
	name := Pattern{ID: 1, Text: "Jürgen Haverkamp", Shape: ShapeName, Fragments: true}
	x, err := New([]Pattern{name})
	require.NoError(t, err)
	for _, body := range []string{
		"<p><a>Jürgen </a><a>Haverl</a></p>", "<ul><li>Jürgen</li><li>Haverl</li></ul>", `["Jürgen","Haverl"]`, `{"a":"Jürgen","Haverl":1}`,
	} {
		assert.Empty(t, x.Search("text/html", []byte(body)), body)
		assert.Empty(t, x.Search("application/json", []byte(body)), body)
	}
	assert.Len(t, x.Search("text/html", []byte("<p><b>Jürgen Haverl</b></p>")), 1)
	assert.Len(t, x.Search("text/html", []byte("<p><b>Jürgen</b> Haverkamp</p>")), 1, "all of it")
}

func TestAFragmentIsNotTheWholeOfALongerWord(t *testing.T) {
	berg := Pattern{ID: 1, Text: "Anna Berg", Fragments: true}
	assert.Empty(t, pieces(t, "Anna Bergman", berg), "all of the key is there, in a name of somebody else")
	assert.Equal(t, []string{"annaberg"}, pieces(t, "Anna Berg", Pattern{ID: 1, Text: "Anna Bergil", Fragments: true}))
}

func TestFragmentsOfManyCustomersAreTheirOwn(t *testing.T) {
	patterns := benchPatterns(300)
	x, err := New(patterns)
	require.NoError(t, err)
	owners := map[uint64]map[int]bool{}
	for i := range x.entries {
		e := &x.entries[i]
		key := x.key(e)
		for g := 0; g+MinKey <= len(key); g++ {
			eight := eightBytes(key[g:])
			if owners[eight] == nil {
				owners[eight] = map[int]bool{}
			}
			owners[eight][e.id] = true
		}
	}
	fragments := 0
	for i := range x.entries {
		if e := &x.entries[i]; e.isFragment() {
			fragments++
			require.Len(t, owners[x.fragmentOf(e)], 1, "%s", x.key(e))
		}
	}
	require.Greater(t, fragments, 300*10)
}

func eightBytes(b []byte) uint64 {
	n := uint64(0)
	for i := range MinKey {
		n |= uint64(b[i]) << (8 * i)
	}
	return n
}
