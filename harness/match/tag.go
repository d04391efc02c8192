package match

import "strings"

// attr is an attribute with the stretch of its value in the tag.
type attr struct {
	span
	name  string
	value string // as written
}

// maxAttrs is how many attributes of one tag are taken.
const maxAttrs = 256

// tagName is the name of a tag in lower case, and where its attributes begin.
func tagName(tag string) (string, int) {
	i := strings.IndexByte(tag, '<') + 1
	if i < len(tag) && tag[i] == '/' {
		i++
	}
	start := i
	for i < len(tag) && !isTagSpace(tag[i]) && tag[i] != '>' && tag[i] != '/' {
		i++
	}
	return strings.ToLower(tag[start:min(i, start+maxKey)]), i
}

// scanAttrs reads the attributes of a tag from i on, those with a value. The
// tokenizer's own do not say where they stand.
func scanAttrs(tag string, i int) []attr {
	var attrs []attr
	for len(attrs) < maxAttrs {
		for i < len(tag) && (isTagSpace(tag[i]) || tag[i] == '/') {
			i++
		}
		if i >= len(tag) || tag[i] == '>' {
			break
		}
		var a attr
		if a, i = scanAttr(tag, i); a.value != "" {
			attrs = append(attrs, a)
		}
	}
	return attrs
}

// scanAttr reads one attribute at i and answers where it ends.
func scanAttr(tag string, i int) (attr, int) {
	start := i
	i++ // a name may even begin with "="
	for i < len(tag) && !isTagSpace(tag[i]) && strings.IndexByte("=>/", tag[i]) < 0 {
		i++
	}
	a := attr{name: strings.ToLower(tag[start:i])}
	if isData(a.name) {
		a.name = "{}"
	}
	after := skipSpace(tag, i)
	if after >= len(tag) || tag[after] != '=' {
		return a, i
	}
	i = skipSpace(tag, after+1)
	if i < len(tag) && (tag[i] == '"' || tag[i] == '\'') {
		quote := tag[i]
		a.start = i + 1
		if end := strings.IndexByte(tag[a.start:], quote); end >= 0 {
			a.end = a.start + end
			a.value = tag[a.start:a.end]
			return a, a.end + 1
		}
		return a, len(tag)
	}
	a.start = i
	for i < len(tag) && !isTagSpace(tag[i]) && tag[i] != '>' {
		i++
	}
	a.end = i
	a.value = tag[a.start:a.end]
	return a, i
}

func skipSpace(s string, i int) int {
	for i < len(s) && isTagSpace(s[i]) {
		i++
	}
	return i
}

func isTagSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}
