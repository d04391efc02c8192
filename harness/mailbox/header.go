package mailbox

import (
	"bytes"
	"io"
	"mime"
	"strings"

	"golang.org/x/net/html/charset"
)

// maxHeader is how much of a mail is searched for its header, in bytes.
const maxHeader = 256 << 10

// header is what we want to know of a mail's header.
type header struct{ subject, from, id string }

// readHeader reads the header of a mail, however broken that is: what cannot be
// read is empty, and the mail goes on as it came.
func readHeader(raw []byte) header {
	fields := unfold(raw[:min(len(raw), maxHeader)])
	return header{
		subject: decodeWords(fields["subject"]),
		from:    bare(decodeWords(fields["from"])),
		id:      strings.Trim(fields["message-id"], "<> \t"),
	}
}

// unfold reads header fields by name in lower case, the first of each name.
func unfold(raw []byte) map[string]string {
	fields := map[string]string{}
	last := ""
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if last != "" {
				fields[last] += " " + string(bytes.TrimSpace(line))
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		last = strings.ToLower(string(bytes.TrimSpace(name)))
		if _, known := fields[last]; !ok || known || !wanted(last) {
			last = "" // and what is folded under it is nobody's
			continue
		}
		fields[last] = string(bytes.TrimSpace(value))
	}
	return fields
}

func wanted(name string) bool {
	return name == "subject" || name == "from" || name == "message-id"
}

// decodeWords undoes =?utf-8?Q?…?=; what cannot be undone stays.
func decodeWords(value string) string {
	d := mime.WordDecoder{CharsetReader: func(label string, in io.Reader) (io.Reader, error) {
		return charset.NewReaderLabel(label, in)
	}}
	if decoded, err := d.DecodeHeader(value); err == nil {
		value = decoded
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(value, "\ufffd")), " ")
}
