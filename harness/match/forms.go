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

// forms are what a pattern is searched as, the value itself first.
func (p Pattern) forms() []form {
	forms := []form{p.form(p.Text, "")}
	for _, other := range p.Others {
		if f := p.form(other, ""); f.key != forms[0].key {
			forms = append(forms, f)
		}
	}
	if f := forms[0]; p.Fragments && f.kind == formText {
		forms = append(forms,
			form{key: f.key, kind: formFragmentHead, decoded: DecodedFragment, text: f.text},
			form{key: f.key, kind: formFragmentTail, decoded: DecodedFragment, text: f.text})
	}
	return forms
}

// form is one spelling of a value.
func (p Pattern) form(text, decoded string) form {
	if number, ok := phoneNumber(text); ok {
		return form{key: number, kind: formPhone, decoded: decoded, text: text}
	}
	return form{key: Key(text), decoded: decoded, text: text}
}
