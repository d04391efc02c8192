package reports

import (
	"encoding/base64"
	"html"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"crosstalk/harness/leak"
)

// Pictures are embedded up to these sizes in bytes; beyond them the page links
// to the file: a page of hundreds of megabytes opens nowhere.
const (
	maxPicture  = 4 << 20
	maxPictures = 24 << 20
)

// unfolded is how many ways of leaking are told in full at once.
const unfolded = 6

// card is one finding as the page shows it.
type card struct {
	leak.Finding
	Open     bool // unfolded: the first finding of its way
	Sentence string
	RuleNote string
	Shown    string // the surface in words
	Seen     string // what had to be undone
	When     string
	Snip     []piece
	Picture  picture
}

// piece is a stretch of a snippet; Marked when it is the marker itself.
type piece struct {
	Text   string
	Marked bool
}

// picture is a screenshot: embedded, or only named.
type picture struct {
	Data template.URL
	File string // relative to the run folder
	Lost string // why it is not embedded
}

func (d digest) cards(files fs.FS) []card {
	room := maxPictures
	embedded := map[string]picture{}
	var out []card
	for _, f := range d.Findings {
		c := card{
			Finding: f, Open: d.isFirst(f), Sentence: d.sentence(f), RuleNote: ruleWords(f.Rule),
			Shown: surfaceWords(f.Surface), Seen: decodedWords(f.Decoded), When: whenOf(f), Snip: marked(f.Snippet, f.Value),
		}
		if f.Shot != "" {
			p, known := embedded[f.Shot]
			if !known {
				p = pictureOf(files, f.Shot, room)
				room -= len(p.Data)
				embedded[f.Shot] = p
			} else if p.Data != "" {
				p = picture{File: f.Shot, Lost: "shown above, at another finding"}
			}
			c.Picture = p
		}
		out = append(out, c)
	}
	return out
}

// isFirst says whether a finding is the first of a way it leaks, of the first
// few: the others tell a developer little new, and start folded.
func (d digest) isFirst(f leak.Finding) bool {
	for _, x := range d.Ways[:min(len(d.Ways), unfolded)] {
		if x.First.ID == f.ID {
			return true
		}
	}
	return false
}

// pictureOf reads a screenshot of the run folder, of at most room bytes once
// encoded. Only what is a picture by its first bytes is embedded.
func pictureOf(files fs.FS, name string, room int) picture {
	if files == nil {
		return picture{File: name, Lost: "the run folder was not at hand"}
	}
	if !fs.ValidPath(name) {
		return picture{Lost: "its name leads out of the run folder"}
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return picture{File: name, Lost: "the file could not be read"}
	}
	kind := http.DetectContentType(data)
	if kind != "image/png" && kind != "image/jpeg" && kind != "image/webp" {
		return picture{File: name, Lost: "the file is no picture"}
	}
	if len(data) > maxPicture || base64.StdEncoding.EncodedLen(len(data)) > room {
		return picture{File: name, Lost: "it is too large to embed"}
	}
	// Safe as a URL: the type is one of three, the rest is base64.
	return picture{File: name, Data: template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data))}
}

// written is how a value stands in a snippet: as it is, or in one of the
// commonest encodings; the value itself where it is not found at all.
func written(snippet, value string) string {
	for _, form := range []string{value, html.EscapeString(value), url.QueryEscape(value), url.PathEscape(value)} {
		if from, _ := indexFold(snippet, form); from >= 0 {
			return form
		}
	}
	return value
}

// marked splits a snippet so that the marker in it can be shown as such,
// whatever its case; where it stands in a form unknown here nothing is marked.
func marked(snippet, value string) []piece {
	var out []piece
	value = written(snippet, value)
	for value != "" {
		from, to := indexFold(snippet, value)
		if from < 0 {
			break
		}
		if from > 0 {
			out = append(out, piece{Text: snippet[:from]})
		}
		out = append(out, piece{Text: snippet[from:to], Marked: true})
		snippet = snippet[to:]
	}
	if snippet != "" {
		out = append(out, piece{Text: snippet})
	}
	return out
}

// indexFold finds value in s without regard to case; -1 when it is not there.
func indexFold(s, value string) (from, to int) {
	n := len([]rune(value))
	starts := make([]int, 0, len(s)+1)
	for i := range s {
		starts = append(starts, i)
	}
	starts = append(starts, len(s))
	for i := 0; i+n < len(starts); i++ {
		if strings.EqualFold(s[starts[i]:starts[i+n]], value) {
			return starts[i], starts[i+n]
		}
	}
	return -1, -1
}
