package leak

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
)

func TestAValueIsToldByTheFormOfItsKind(t *testing.T) {
	shapes := map[string]bool{shapeOf("11345"): true, shapeOf("ls14ab"): true, shapeOf("7000101"): true}
	for _, one := range []struct {
		kind customer.Kind
		text string
		want bool
	}{
		{customer.Email, "k.hammarström@post.example", true},
		{customer.Email, "not set", false},
		{customer.Email, "you@", false},
		{customer.Phone, "+46 70-555 88 21", true},
		{customer.Phone, "(207) 555-0199", true},
		{customer.Phone, "00000000", false},
		{customer.Phone, "1234567", false},
		{customer.Phone, "call us", false},
		{customer.First, "Kettil", true},
		{customer.First, "Anna-Lena", true},
		{customer.First, "K", false},
		{customer.First, "KH", false},
		{customer.First, "there", false},
		{customer.First, "Agent 7", false},
		{customer.Name, "Kettil Hammarström", true},
		{customer.Name, "O’Brien Maeve", true},
		{customer.Name, "Kettil", false},
		{customer.Name, "Your basket is Empty", false},
		{customer.Address, "Vintergatan 12", true},
		{customer.Address, "12b Quarry Lane", true},
		{customer.Address, "No address yet", false},
		{customer.Address, "0 of 3", false},
		{customer.Address, "Ref 1234567", false},
		{customer.Postcode, "987 65", true},
		{customer.Postcode, "BD9 7XY", true},
		{customer.Postcode, "99999", false},
		{customer.Postcode, "9876", false},
		{customer.Order, "7000241", true},
		{customer.Gift, "anything", false},
	} {
		require.Equal(t, one.want, formed(one.kind, one.text, shapes), one)
	}
}

func TestAGapIsFilledByTheWordsBetweenItsEdges(t *testing.T) {
	g, ok := gapOf("hi ⟨first⟩ welcome back", customer.First)
	require.True(t, ok)
	for text, want := range map[string]string{
		"Hi, Kettil! Welcome back":               "Kettil",
		"Hi, Kettil Bo! Welcome back":            "Kettil Bo",
		"Hi! Welcome back":                       "",
		"Oh hi, Kettil! Welcome back":            "",
		"Hi, Kettil! Welcome back to us":         "",
		"Hej, Kettil! Välkommen tillbaka":        "",
		"":                                       "",
		"Hi, a b c d e f g h i j k Welcome back": "",
	} {
		words := wordsOf(text)
		m := (&owners{}).mask(words, nil, "c01")
		from, to, ok := g.fill(m)
		got := ""
		if ok {
			first, last := m.words(from, to)
			got = text[words[first].from:words[last-1].to]
		}
		require.Equal(t, want, got, text)
	}
	_, ok = gapOf("⟨first⟩ and ⟨first⟩", customer.First)
	require.False(t, ok, "nobody knows which of the two")
}

func FuzzAGapIsFilledWithinTheText(f *testing.F) {
	f.Add("hi ⟨first⟩ welcome back", "Hi, Kettil! Welcome back")
	f.Add("⟨first⟩", "Kettil")
	f.Add("a b c d e f ⟨first⟩ g h i j k l", "x a b c d e f Kettil g h i j k l y")
	f.Fuzz(func(t *testing.T, skeleton, text string) {
		g, ok := gapOf(skeleton, customer.First)
		if !ok {
			return
		}
		words := wordsOf(text)
		m := (&owners{}).mask(words, nil, "c01")
		from, to, ok := g.fill(m)
		if !ok {
			return
		}
		first, last := m.words(from, to)
		require.Less(t, first, last)
		require.LessOrEqual(t, last, len(words))
		valueAround(text, words[first].from, words[last-1].to)
	})
}
