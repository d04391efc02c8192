package match

// A form is one text that a pattern is searched as.
type form struct {
	key     string   // folded; of a fragment, of the whole value: index.go searches its first or last MinKey bytes
	decoded string   // a name that Hit.Decoded gets as its innermost; "" for none
	kind    formRule // how the key must stand
	text    string   // what it looks like when nothing had to be undone; see layers
}

// A formRule says how a form's key must stand in a text.
type formRule uint8

// The kinds of forms.
const (
	formText         formRule = iota // at the borders of words, or anywhere when it is long and without spaces
	formPhone                        // a telephone number without prefixes: see phone.go
	formFragmentHead                 // at least the first MinKey bytes of the key
	formFragmentTail                 // at least the last MinKey bytes of the key
)

// A maker makes further forms of one spelling of a value.
type maker func(text string) []form

// makers is the table of forms: what is made of each spelling of a value of a
// shape, besides the spelling itself. A new form is a row here. Dates and
// amounts that can be read as such have no forms: see typed.go.
func makers(shape Shape) []maker {
	switch shape {
	case ShapeName:
		return []maker{lastFirst, transliterated}
	case ShapeEmail:
		return []maker{withoutTag, hashes}
	case ShapeAddress:
		return []maker{houseMoved, shortStreet, transliterated}
	case ShapePhone:
		return nil // one number whatever its form: see phone.go
	default:
		return []maker{transliterated}
	}
}

// forms are what a pattern is searched as, the value itself first. No two of
// them have one key.
func (p Pattern) forms() []form {
	all := formSet{}
	all.add(p.form(p.Text, ""))
	for _, other := range p.Others {
		all.add(p.form(other, p.orderOf(other)))
	}
	spellings := len(all.forms)
	for _, f := range all.forms[:spellings] {
		all.make(f, makers(p.Shape))
	}
	if f := all.forms[0]; p.Fragments && f.kind == formText {
		all.forms = append(all.forms,
			form{key: f.key, kind: formFragmentHead, decoded: DecodedFragment, text: f.text},
			form{key: f.key, kind: formFragmentTail, decoded: DecodedFragment, text: f.text})
	}
	return all.forms
}

// form is one spelling of a value.
func (p Pattern) form(text, decoded string) form {
	if p.Shape == ShapePhone || p.Shape == ShapeText {
		if number, ok := phoneNumber(text); ok {
			return form{key: number, kind: formPhone, decoded: decoded, text: text}
		}
	}
	return form{key: Key(text), decoded: decoded, text: text}
}

// orderOf says whether another spelling is the value's words in another order.
func (p Pattern) orderOf(other string) string {
	if p.Shape == ShapeName || p.Shape == ShapeAddress {
		if isRotation(Key(p.Text), Key(other)) {
			return DecodedOrder
		}
	}
	return ""
}

// formSet gathers forms, one for each key.
type formSet struct{ forms []form }

func (s *formSet) add(f form) {
	for i := range s.forms {
		if s.forms[i].key == f.key {
			return
		}
	}
	s.forms = append(s.forms, f)
}

// make adds what the makers make of a spelling, and of what they made: a
// transliterated name also stands in the other order. What had to be undone
// is named after the maker; where there were two, after the first that has a
// name.
func (s *formSet) make(f form, makers []maker) {
	for i, m := range makers {
		for _, made := range m(f.text) {
			made.kind = f.kind
			if f.decoded != "" && made.decoded != DecodedLatin {
				made.decoded = f.decoded
			}
			s.add(made)
			s.make(made, makers[i+1:])
		}
	}
}
