package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"

	"crosstalk/scenarios"
)

// maxFile bounds a file that is sent: what a step sends must fit its timeout.
const maxFile = 64 << 20

// payload is a request's body, nil for none; its type goes into the headers.
func payload(call scenarios.Call, h http.Header) ([]byte, error) {
	switch {
	case call.JSON != nil:
		h.Set("Content-Type", "application/json")
		return encodeJSON(call.JSON)
	case call.Form != nil:
		form := url.Values{}
		for name, value := range call.Form {
			form.Set(name, value)
		}
		h.Set("Content-Type", "application/x-www-form-urlencoded")
		return []byte(form.Encode()), nil
	case call.Multipart != nil:
		return parts(call.Multipart, h)
	}
	return nil, nil
}

// encodeJSON leaves <, > and & as they are, as other clients do.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode json: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func parts(all []scenarios.Part, h http.Header) ([]byte, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range all {
		if err := part(w, p); err != nil {
			return nil, fmt.Errorf("write part %s: %w", p.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write parts: %w", err)
	}
	h.Set("Content-Type", w.FormDataContentType())
	return b.Bytes(), nil
}

func part(w *multipart.Writer, p scenarios.Part) error {
	if p.File == "" {
		return w.WriteField(p.Name, p.Text) //nolint:wrapcheck // parts names the part
	}
	content := p.Content
	if content == nil {
		var err error
		if content, err = readFile(p.File); err != nil {
			return err
		}
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition(p.Name, p.FileName))
	head.Set("Content-Type", cmp.Or(p.Type, mime.TypeByExtension(filepath.Ext(p.FileName)), "application/octet-stream"))
	to, err := w.CreatePart(head)
	if err != nil {
		return err //nolint:wrapcheck // parts names the part
	}
	_, err = to.Write(content)
	return err //nolint:wrapcheck // likewise
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	defer f.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = fmt.Errorf("%s is larger than %d MiB", path, maxFile>>20)
	}
	return content, err //nolint:wrapcheck // it names the file
}
