package scenarios

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// avatarName is what a request calls the customer's picture.
const avatarName = "avatar.png"

// multipart reads the parts of a body: texts, files beside the scenario, and
// the customer's picture.
func (r *reader) multipart(s *scope, n ast.Node, what string) []Part {
	all, ok := r.entries(n, what)
	if ok && len(all) == 0 {
		r.fail(posOf(n), "", "%s is empty", what)
	}
	parts := make([]Part, len(all))
	for i, e := range all {
		parts[i] = r.part(s, e, what+"."+e.key)
		if strings.ContainsAny(e.key, "\r\n") {
			r.fail(e.at, "", "%q is no name of a part", e.key)
		}
	}
	return parts
}

func (r *reader) part(s *scope, e entry, what string) Part {
	p := Part{Name: e.key}
	switch e.value.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		if strings.HasPrefix(r.rest(posOf(e.value)), "{{") {
			r.template(s, e.value, what) // says that it must stand in quotes
			return p
		}
		r.attachment(s, e.value, what, &p)
		return p
	}
	if isEmpty(e.value) {
		return p
	}
	if text := r.text(e.value, what); isAvatar(text) {
		r.picture(s, e.value, &p)
	} else {
		r.checkTemplate(s, e.value, text)
		p.Text = text
	}
	return p
}

func isAvatar(text string) bool {
	name, ok := onlyField(text)
	return ok && name == "avatar"
}

func (r *reader) picture(s *scope, n ast.Node, p *Part) {
	if s.role == None {
		r.fail(posOf(n), "say customer: one or guest", "{{avatar}} in a journey of nobody")
	}
	p.File = "{{avatar}}"
}

func (r *reader) attachment(s *scope, n ast.Node, what string, p *Part) {
	keys, sound := r.keys(n, what, "file", "name", "type")
	switch v := keys["file"]; {
	case v == nil && sound:
		r.fail(posOf(n), "such as {file: cat.png}", "%s has no file", what)
	case v == nil:
	default:
		if text := r.text(v, what+".file"); isAvatar(text) {
			r.picture(s, v, p)
		} else {
			p.File = r.fixedPath(v, text)
		}
	}
	if v := keys["name"]; v != nil {
		p.FileName = r.template(s, v, what+".name")
	}
	if v := keys["type"]; v != nil {
		p.Type = r.mediaType(v, what+".type")
	}
}

// fixedPath is a file beside the scenario. What a shop had us remember must
// not choose which of our files it is sent.
func (r *reader) fixedPath(n ast.Node, text string) string {
	if all, err := pieces(text); err != nil || slices.ContainsFunc(all, func(p piece) bool { return p.field != "" }) {
		r.fail(posOf(n), `only "{{avatar}}" can stand for a file`, "a field in the path of a file")
		return ""
	}
	return r.beside(text)
}

// mediaType refuses what could not be sent as a Content-Type.
func (r *reader) mediaType(n ast.Node, what string) string {
	text, whole := r.scalar(n, what)
	major, minor, ok := strings.Cut(text, "/")
	bad := !ok || major == "" || minor == "" || strings.ContainsFunc(major, notToken) || strings.ContainsFunc(minor, notToken)
	if bad && text != "" && whole {
		r.fail(posOf(n), "such as image/png", "%s is no media type: %q", what, text)
	}
	return text
}

// expandParts puts the values of this session into a multipart body. The
// customer's picture becomes the part's Content.
func (f Fields) expandParts(parts []Part) ([]Part, error) {
	var out []Part
	for _, p := range parts {
		var err error
		if p.Text, err = f.Expand(p.Text); err != nil {
			return nil, err
		}
		if p.FileName, err = f.Expand(p.FileName); err != nil {
			return nil, err
		}
		if isAvatar(p.File) {
			picture, err := f.Value("avatar")
			if err != nil {
				return nil, err
			}
			p.Content, p.FileName = []byte(picture), cmp.Or(p.FileName, avatarName)
		} else if p.File != "" {
			p.FileName = cmp.Or(p.FileName, filepath.Base(p.File))
		}
		out = append(out, p)
	}
	return out, nil
}
