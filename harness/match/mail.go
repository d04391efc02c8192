package match

import (
	"bytes"
	"mime"
	"strings"
)

// maxParts is how many parts of one form or mail are taken apart.
const maxParts = 1000

// maxMark is how much of a line behind a boundary is looked at: only blanks may
// stand there.
const maxMark = 200

func isMail(t *text) bool {
	media := strings.ToLower(t.media)
	return strings.HasPrefix(media, "message/rfc822") || strings.HasPrefix(media, "message/global")
}

func isMultipart(t *text) bool {
	return strings.HasPrefix(strings.ToLower(t.media), "multipart/") && boundaryOf(t.media) != ""
}

// mail takes a mail apart: the fields of its header, and its text decoded as
// that says.
func (o *opener) mail(_ decoder, t *text) []*text {
	fields, body := mailHead(t.data, 0, len(t.data))
	if len(fields) == 0 {
		return nil
	}
	var parts []*text
	for _, f := range fields[:min(len(fields), maxFields)] {
		if c := o.words(t, f.span, f.name); c != nil {
			parts = append(parts, c)
		}
	}
	if p := o.part(t, span{body, len(t.data)}, fields, ""); p != nil {
		parts = append(parts, p)
	}
	return parts
}

// multipart takes a form or a mail of several parts apart.
func (o *opener) multipart(_ decoder, t *text) []*text {
	var parts []*text
	form := strings.HasPrefix(strings.ToLower(t.media), "multipart/form-data")
	for _, s := range partsOf(t.data, boundaryOf(t.media)) {
		fields, body := mailHead(t.data, s.start, s.end)
		name := ""
		for _, f := range fields {
			if f.name == "content-disposition" && form {
				_, params, _ := mime.ParseMediaType(f.value(t.data))
				name = params["name"]
			}
			if bytes.Contains(t.data[f.start:f.end], []byte("=?")) { // a file's name
				if c := o.words(t, f.span, f.name); c != nil {
					parts = append(parts, c)
				}
			}
		}
		if form && name == "" {
			name = "part" // no mail: it is not called by its type
		}
		if c := o.part(t, span{body, s.end}, fields, name); c != nil {
			parts = append(parts, c)
		}
	}
	return parts
}

// boundaryOf is what parts are divided by. Some mailers leave out the quotes
// that it needs, which the strict parser refuses.
func boundaryOf(mediaType string) string {
	if _, params, err := mime.ParseMediaType(mediaType); err == nil {
		return params["boundary"]
	}
	const key = "boundary="
	at := strings.Index(strings.ToLower(mediaType), key)
	if at < 0 || at+len(key) > len(mediaType) {
		return ""
	}
	value := strings.TrimSpace(mediaType[at+len(key):])
	if quoted, ok := strings.CutPrefix(value, `"`); ok {
		value, _, _ = strings.Cut(quoted, `"`)
		return value
	}
	value, _, _ = strings.Cut(value, ";")
	value, _, _ = strings.Cut(value, " ")
	return value
}

// partsOf finds the parts between the lines that divide them. The last may lack
// its end: the mail was cut, or its writer forgot.
func partsOf(data []byte, boundary string) []span {
	var parts []span
	mark := []byte("--" + boundary)
	from := -1 // where the part under way begins
	for at := 0; at < len(data) && len(parts) < maxParts; {
		i := bytes.Index(data[at:], mark)
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(mark)
		line, _, _ := bytes.Cut(data[at:min(at+maxMark, len(data))], []byte("\n"))
		rest := string(bytes.TrimRight(line, " \t\r"))
		if start > 0 && data[start-1] != '\n' || rest != "" && rest != "--" {
			continue // within a line, or a longer boundary of a part's own
		}
		at = min(at+len(line)+1, len(data))
		if from >= 0 {
			parts = append(parts, span{from, max(from, lineEnd(data, start))})
		}
		if from = at; rest == "--" {
			return parts
		}
	}
	if from >= 0 && from < len(data) && len(parts) < maxParts {
		parts = append(parts, span{from, len(data)})
	}
	return parts
}

// lineEnd is where the line before a line ends.
func lineEnd(data []byte, start int) int {
	if start > 0 && data[start-1] == '\n' {
		start--
	}
	if start > 0 && data[start-1] == '\r' {
		start--
	}
	return start
}

// part is a part of a form or mail, decoded as its header says. Without a name
// it is called by its type, unless that is HTML or parts again, whose places
// say enough.
func (o *opener) part(t *text, s span, fields []mailField, name string) *text {
	if s.start >= s.end {
		return nil
	}
	raw, mediaType := t.data[s.start:s.end], fieldOf(t.data, fields, "content-type")
	var c *text
	switch strings.ToLower(fieldOf(t.data, fields, "content-transfer-encoding")) {
	case "quoted-printable":
		w := &weaver{}
		w.quoted(raw, s.start)
		c = t.child(DecodedQuoted, s, w.data, mediaType)
		c.from = w.from
	case "base64":
		c = t.child(DecodedBase64, s, decode64(nil, only64(raw)), mediaType)
	default:
		c = t.child("", s, raw, mediaType)
		c.from = []stretch{{0, uint32(s.start), uint32(s.end)}} //nolint:gosec // bodies are far below 4 GiB
	}
	if c.layers > maxLayers {
		o.unopen(c.name, UnopenedDeep, t, s.start, s.end)
		return nil
	}
	if name == "" {
		name = partName(mediaType)
	}
	if c.label = name; isData(name) {
		c.label = ""
	}
	return c
}

func partName(mediaType string) string {
	base, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch base = strings.TrimSpace(base); {
	case base == "":
		return "text/plain"
	case base == "text/html", strings.HasPrefix(base, "multipart/"):
		return ""
	}
	return base
}

// only64 drops line breaks and padding.
func only64(raw []byte) []byte {
	chars := make([]byte, 0, len(raw))
	for _, c := range raw {
		if runClass[c] == inRun {
			chars = append(chars, c)
		}
	}
	return chars
}
