package match

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// maxFields is how many fields of a header have a place of their own.
const maxFields = 200

// mailField is one field of a header: its name in lower case, and where its
// value stands, with the lines it goes on in.
type mailField struct {
	span
	name string
}

func (f mailField) value(data []byte) string {
	return strings.Join(strings.Fields(string(data[f.start:f.end])), " ")
}

// fieldOf is the value of the first field of a name.
func fieldOf(data []byte, fields []mailField, name string) string {
	for _, f := range fields {
		if f.name == name {
			return f.value(data)
		}
	}
	return ""
}

// mailHead reads a header, and answers where the body begins. Lines that are no
// field are passed over: they hide nothing from readers of mail either.
func mailHead(data []byte, from, to int) (fields []mailField, body int) {
	open := false // whether the line before belongs to the last field
	for at := from; at < to; {
		end := to
		if i := bytes.IndexByte(data[at:to], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := bytes.TrimRight(data[at:end], "\r\n")
		if len(line) == 0 {
			return fields, end
		}
		switch colon := bytes.IndexByte(line, ':'); {
		case isTagSpace(line[0]):
			if open {
				fields[len(fields)-1].end = at + len(line)
			}
		case colon > 0 && !bytes.ContainsAny(line[:colon], " \t"):
			fields = append(fields, mailField{span{at + colon + 1, at + len(line)}, strings.ToLower(string(line[:colon]))})
			open = true
		default:
			open = false
		}
		at = end
	}
	return fields, to
}

// words is a field's value with its encoded words decoded: =?utf-8?Q?…?= and
// its kin, in which names and subjects travel. How the first was encoded stands
// for all.
func (o *opener) words(t *text, s span, name string) *text {
	if s.start >= s.end {
		return nil
	}
	w, how := &weaver{}, ""
	plain, last := s.start, -1 // what stands as it is begins at plain; the last word ended at last
	for i := s.start; i < s.end; {
		word := encodedWord(t.data[i:s.end])
		if word.size == 0 {
			i++
			continue
		}
		// Between two encoded words blanks mean nothing.
		if plain < i && (last < 0 || !blank(string(t.data[plain:i]))) {
			w.same(plain, t.data[plain:i])
		}
		w.made(i, i+word.size, word.data...)
		if how == "" {
			how = word.how
		}
		i += word.size
		plain, last = i, i
	}
	if plain < s.end {
		w.same(plain, t.data[plain:s.end])
	}
	c := t.child(how, s, w.data, "text/plain")
	c.from = w.from
	if c.layers > maxLayers {
		o.unopen(how, UnopenedDeep, t, s.start, s.end)
		return nil
	}
	if c.label = name; isData(name) {
		c.label = ""
	}
	return c
}

// word is one encoded word: how long it is, what it says and how it was said.
type word struct {
	size int
	data []byte
	how  string // a name that Hit.Decoded has
}

// maxWord is how long an encoded word may be; mailers that do not fold write
// whole subjects as one.
const maxWord = 4096

// encodedWord reads the encoded word that a text begins with; its size is 0
// when there is none.
func encodedWord(data []byte) word {
	if len(data) < 8 || data[0] != '=' || data[1] != '?' {
		return word{}
	}
	fields := bytes.SplitN(data[2:min(len(data), maxWord)], []byte("?"), 4)
	if len(fields) < 4 || len(fields[1]) != 1 || len(fields[3]) == 0 || fields[3][0] != '=' {
		return word{}
	}
	w := word{size: 2 + len(fields[0]) + 1 + 1 + 1 + len(fields[2]) + len("?=")}
	switch fields[1][0] {
	case 'q', 'Q':
		w.how, w.data = DecodedQuoted, unquoteWord(fields[2])
	case 'b', 'B':
		w.how, w.data = DecodedBase64, decode64(nil, only64(fields[2]))
	default:
		return word{}
	}
	label, _, _ := strings.Cut(string(fields[0]), "*") // a language may follow
	w.data = toUTF8(label, w.data)
	return w
}

func unquoteWord(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] == '_':
			out = append(out, ' ')
		case raw[i] == '=' && i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]):
			out = append(out, hexValue(raw[i+1])<<4|hexValue(raw[i+2]))
			i += 2
		default:
			out = append(out, raw[i])
		}
	}
	return out
}

// toUTF8 reads letters of a named character set; unknown ones stay as they are.
func toUTF8(label string, data []byte) []byte {
	e, canonical := charset.Lookup(label)
	if e == nil || canonical == "utf-8" || canonical == "replacement" || e == encoding.Nop {
		return data
	}
	if out, err := e.NewDecoder().Bytes(data); err == nil {
		return out
	}
	return data
}
