package browser

import (
	"cmp"
	"slices"
	"strings"
)

// field adds the values of a form field: what is typed in it or chosen, which
// the document's own text does not say.
func (r *reading) field(i int) {
	switch r.name[i] {
	case "input":
		r.input(i)
	case "textarea":
		r.add(&r.fields, r.fieldName(i), r.snap.text(r.entry(r.sparse.text, i)))
	case "select":
		r.chosen(i)
	case "output":
		r.add(&r.fields, r.fieldName(i), r.content(i))
	default:
		if mode, ok := r.attribute(i, "contenteditable"); ok && slices.Contains([]string{"", "true", "plaintext-only"}, strings.ToLower(mode)) {
			r.add(&r.fields, r.fieldName(i), r.content(i))
		}
	}
}

func (r *reading) input(i int) {
	kind := r.inputType(i)
	if kind == "file" || kind == "image" || isButton(kind) {
		return
	}
	if _, on := r.sparse.checked[i]; (kind == "checkbox" || kind == "radio") && !on {
		return
	}
	r.add(&r.fields, r.fieldName(i), r.snap.text(r.entry(r.sparse.input, i)))
}

// chosen adds the options that are chosen: their values, and their texts where
// they say something else.
func (r *reading) chosen(list int) {
	where := ""
	for n := r.after(list, list); n >= 0; n = r.after(n, list) {
		if _, is := r.sparse.selected[n]; !is || r.name[n] != "option" {
			continue
		}
		if where == "" {
			where = r.fieldName(list)
		}
		text := foldSpaces(r.content(n))
		value, given := r.attribute(n, "value")
		if !given {
			value = text
		}
		r.add(&r.fields, where, value)
		if text != value {
			r.add(&r.fields, where, text)
		}
	}
}

// fieldName is what a field is called: by the form, by its id, by its label, or
// by where it stands.
func (r *reading) fieldName(i int) string {
	name, _ := r.attribute(i, "name")
	id, _ := r.attribute(i, "id")
	if name != "" || id != "" {
		return truncate(cmp.Or(name, id), longestName)
	}
	return cmp.Or(truncate(r.label(i), longestName), r.path(i))
}

// label is what a field without name and id is labeled with.
func (r *reading) label(i int) string {
	if ids, ok := r.attribute(i, "aria-labelledby"); ok {
		if text := r.byIDs(ids); text != "" {
			return text
		}
	}
	if own, ok := r.attribute(i, "aria-label"); ok && foldSpaces(own) != "" {
		return foldSpaces(own)
	}
	for n, up := r.above[i], 0; n >= 0 && up < highest; n, up = r.above[n], up+1 {
		if r.name[n] == "label" {
			return r.labelText(n)
		}
	}
	return ""
}

func (r *reading) byIDs(ids string) string {
	var texts []string
	for _, id := range strings.FieldsFunc(truncate(ids, longestLine), isSeparator) {
		if n, ok := r.identified()[id]; ok {
			label, _ := r.attribute(n, "aria-label")
			texts = append(texts, cmp.Or(label, r.labelText(n)))
		}
	}
	return foldSpaces(strings.Join(texts, " "))
}

// identified are the elements with an id, the first of each.
func (r *reading) identified() map[string]int {
	if r.ids == nil {
		r.ids = map[string]int{}
		for n := range r.count {
			if id, ok := r.attribute(n, "id"); ok && r.name[n] != "" {
				if _, taken := r.ids[id]; !taken {
					r.ids[id] = n
				}
			}
		}
	}
	return r.ids
}

// labelText is the beginning of a label's text, without that of the field in
// it.
func (r *reading) labelText(label int) string {
	var b strings.Builder
	for n, seen := r.after(label, label), 0; n >= 0 && seen < highest; seen++ {
		if notOfLabel(r.name[n]) {
			n = r.past(n, label)
			continue
		}
		if r.doc.Nodes.Type[n] == textNode {
			b.WriteString(truncate(r.value(n), longestName))
		}
		n = r.after(n, label)
	}
	return truncate(foldSpaces(b.String()), longestName)
}

func notOfLabel(name string) bool {
	switch name {
	case "select", "input", "textarea", "button", "script", "style":
		return true
	}
	return false
}
