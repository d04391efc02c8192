package reports

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"

	"crosstalk/harness"
)

//go:embed page.html page.css
var pageFiles embed.FS

// HTML writes the result as one page that opens from disk: no script, nothing
// loaded from elsewhere, all text of the target escaped. Files is the run
// folder, from which screenshots are embedded; nil leaves them out.
func HTML(w io.Writer, r harness.Result, files fs.FS) error {
	css, err := pageFiles.ReadFile("page.css")
	if err != nil {
		return fmt.Errorf("read style of the page: %w", err)
	}
	t, err := template.New("page.html").Funcs(template.FuncMap{"number": number}).ParseFS(pageFiles, "page.html")
	if err != nil {
		return fmt.Errorf("parse template of the page: %w", err)
	}
	p := pageOf(digested(r), files)
	p.Style = template.CSS(css) // our own file, embedded at build time
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
}
