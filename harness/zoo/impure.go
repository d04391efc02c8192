package zoo

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// impure are the proofs that a variant should not show: where only a mask, only
// what is encoded, or only a key goes astray, nobody's plain words do.
func impure(v demoshop.Variant, all []leak.Finding) []string {
	if v == demoshop.Plain {
		return nil
	}
	var out []string
	for _, f := range all {
		if proven(f) && plain(f) && !beneath(f, all) && len(out) < mostSentences {
			out = append(out, sentence(f))
		}
	}
	return out
}

// plain says that a finding is of personal words which anybody can read. A key
// says nothing of a person.
func plain(f leak.Finding) bool {
	return f.Rule != leak.RuleMasked && personal(f) && !slices.ContainsFunc(f.Decoded, hides) && !strings.Contains(f.Where, "›") // which leads into what was decoded
}

// hides says that what had to be undone keeps a person from reading the words.
// Whoever opens a document or a mail reads them in spite of the rest: other
// spellings, escapes, packing.
func hides(step string) bool {
	return slices.Contains([]string{"base64", "jwt", "hex", "cfemail", "md5", "sha1", "sha256", "masked"}, step)
}

// personal says that a finding is of words of a person's, whole or masked: who
// was shown them was shown none of their own.
func personal(f leak.Finding) bool {
	return slices.Contains([]string{leak.RuleForeignMarker, leak.RuleOwnPlace, leak.RulePredecessor, leak.RuleMasked}, f.Rule) &&
		f.Kind != string(customer.Token) && f.Kind != leak.KindIdentifier
}

// beneath says that a finding stands in an answer all of which had to be
// decoded, beside words of the same object that say so. The rule of own places
// names where in what was decoded its value stands, and not what had to be undone
// before. That the words beside it were decoded says nothing of a plain answer:
// there the number is plain, and only they are not.
func beneath(f leak.Finding, all []leak.Finding) bool {
	return f.Exchange != "" && slices.ContainsFunc(all, func(g leak.Finding) bool {
		return contained(g) && g.Exchange == f.Exchange && g.Surface == f.Surface && g.Victim == f.Victim &&
			above(g.Where) != "" && above(g.Where) == above(f.Where)
	})
}

// contained says that a finding was decoded from what a document or an archive
// contains: of such an answer nothing is JSON before it is opened. What its text
// says as it is, anybody can read.
func contained(f leak.Finding) bool {
	return len(f.Decoded) > 1 && slices.Contains([]string{"pdf", "zip"}, f.Decoded[0])
}

// above is the object that a value of JSON stands in; "" for a text's place.
func above(where string) string {
	last := strings.LastIndexByte(where, '.')
	if !strings.HasPrefix(where, "$") || last < 0 {
		return ""
	}
	return where[:last]
}
