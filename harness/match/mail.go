package match

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"strings"
)

// maxParts is how many parts of one form or mail are taken apart.
const maxParts = 1000

func isMail(t *text) bool {
	return strings.HasPrefix(strings.ToLower(t.media), "message/rfc822")
}

func isMultipart(t *text) bool {
	return strings.HasPrefix(strings.ToLower(t.media), "multipart/") && strings.Contains(t.media, "boundary")
}

// mail takes a mail apart: its header, and its text decoded as that says.
func (o *opener) mail(d decoder, t *text) []*text {
	m, err := mail.ReadMessage(bytes.NewReader(t.data))
	if err != nil {
		return nil
	}
	body, err := io.ReadAll(m.Body) // it is in memory already
	if err != nil {
		return nil
	}
	at := len(t.data) - len(body)
	head := t.child(d.name, span{0, at}, t.data[:at], "text/plain")
	head.from, head.label = []stretch{{0, 0, uint32(at)}}, "header" //nolint:gosec // bodies are far below 4 GiB
	parts := []*text{head}
	if p := o.part(t, at, len(t.data), textproto.MIMEHeader(m.Header), ""); p != nil {
		parts = append(parts, p)
	}
	return parts
}

// multipart takes a form or a mail of several parts apart.
func (o *opener) multipart(_ decoder, t *text) []*text {
	_, params, err := mime.ParseMediaType(t.media)
	boundary := params["boundary"]
	if err != nil || boundary == "" {
		return nil
	}
	var parts []*text
	src := bytes.NewReader(t.data)
	r := multipart.NewReader(src, boundary)
	at := 0
	for range maxParts {
		p, err := r.NextRawPart()
		if err != nil {
			break
		}
		raw, err := io.ReadAll(p) // no longer than the body itself
		if err != nil {
			o.unopen(DecodedQuoted, UnopenedBroken, t, at, len(t.data))
		}
		// The reader does not say where it stands: parts are found again, in
		// their order.
		i := bytes.Index(t.data[at:], raw)
		if i < 0 {
			continue
		}
		start := at + i
		at = start + len(raw)
		if c := o.part(t, start, at, p.Header, p.FormName()); c != nil {
			parts = append(parts, c)
		}
	}
	return parts
}

// part is a part of a form or mail, decoded as its header says.
func (o *opener) part(t *text, from, to int, header textproto.MIMEHeader, name string) *text {
	if from >= to {
		return nil
	}
	raw, mediaType := t.data[from:to], header.Get("Content-Type")
	var c *text
	switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		w := &weaver{}
		w.quoted(raw, from)
		c = t.child(DecodedQuoted, span{from, to}, w.data, mediaType)
		c.from = w.from
	case "base64":
		c = t.child(DecodedBase64, span{from, to}, decode64(nil, only64(raw)), mediaType)
	default:
		c = t.child("", span{from, to}, raw, mediaType)
		c.from = []stretch{{0, uint32(from), uint32(to)}} //nolint:gosec // bodies are far below 4 GiB
	}
	if c.layers > maxLayers {
		o.unopen(c.name, UnopenedDeep, t, from, to)
		return nil
	}
	if c.label = name; isData(name) {
		c.label = ""
	}
	return c
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
