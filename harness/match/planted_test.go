package match_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"crosstalk/harness/match"
)

// alphabets are what the fuzzed values are written in.
func alphabets() [][]rune {
	return [][]rune{
		[]rune("abcdefghijklmnopqrstuvwxyz"), []rune("abcdef0123456789"), []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
		[]rune("aåäöéèüñøæœłśżźćęąóßđ"), []rune("абвгдежзиклмнопрстуфхцчшщыэюя"), []rune("αβγδεζηθικλμνξοπρσςτυφχψω"), []rune("ab"), []rune("0123456789"),
	}
}

// anyValue is a value of one to four words that can be a pattern.
func anyValue(r *rand.Rand) string {
	for {
		alphabet, words := alphabets()[r.IntN(len(alphabets()))], make([]string, 1+r.IntN(4))
		for i := range words {
			word := make([]rune, 2+r.IntN(9))
			for j := range word {
				word[j] = alphabet[r.IntN(len(alphabet))]
			}
			words[i] = string(word)
		}
		value := strings.Join(words, []string{" ", "-", ".", "@", ""}[r.IntN(5)])
		if len(match.Key(value)) >= match.MinKey {
			return value
		}
	}
}

func FuzzAnyValueIsFoundWhereverItIsPlanted(f *testing.F) {
	f.Add(uint64(1), uint8(1), "<p>some page</p>", "and its end")
	f.Add(uint64(2), uint8(40), `{"a":"`, `"}`)
	f.Add(uint64(3), uint8(200), "", "")
	f.Fuzz(func(t *testing.T, seed uint64, others uint8, before, after string) {
		r := rand.New(rand.NewPCG(seed, 1))
		patterns := make([]match.Pattern, int(others)+1)
		for i := range patterns {
			patterns[i] = match.Pattern{ID: i, Text: anyValue(r), Fragments: r.IntN(2) == 0}
		}
		x, err := match.New(patterns)
		if err != nil {
			t.Fatal(err)
		}
		id := r.IntN(len(patterns))
		body := before + " | " + spellings(patterns[id].Text, r) + " | " + after
		if hits := x.SearchText(body); !found(hits, id) {
			t.Fatalf("seed %d: %q is not found in %q", seed, patterns[id].Text, body)
		}
	})
}

func TestOneIndexMayBeSearchedByManyAtOnce(t *testing.T) {
	x := newIndex(t, "Zoë Trembaczyk", "motegopisufohume")
	body := strings.Repeat("nothing of ours ", 2000) + "motegopisufohume"
	done := make(chan int)
	for range 8 {
		go func() { done <- len(x.SearchText(body)) }()
	}
	for range 8 {
		if n := <-done; n != 1 {
			t.Errorf("%d hits, want 1", n)
		}
	}
}
