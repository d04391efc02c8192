package scenarios

import (
	"cmp"
	"fmt"
	"slices"
)

// didYouMean is the hint for a misspelled word; empty when nothing is near.
func didYouMean(word string, known []string) string {
	best, at := "", len(word)/3+2
	for _, k := range known {
		if d := distance(word, k); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// Nearest are the n of the known texts that are nearest to any of the words, the
// nearest first; fewer when there are no more. The order of known decides
// between equals.
func Nearest(known []string, n int, words ...string) []string {
	far := map[string]int{}
	for _, k := range known {
		for i, word := range words {
			if d := distance(word, k); i == 0 || d < far[k] {
				far[k] = d
			}
		}
	}
	near := slices.Clone(known)
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(far[a], far[b]) })
	return near[:min(n, len(near))]
}

// distance is the number of letters to insert, remove, replace or swap with
// the next one (optimal string alignment), since swaps are the commonest
// slip of a typist.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range y {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
