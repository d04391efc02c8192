package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

// fill replaces an element's text, as if it was selected and typed over.
func (s *Session) fill(ctx context.Context, l scenarios.Locator, text string) error {
	at, err := s.locate(ctx, l, want{Edit: true, Point: true})
	if err != nil {
		return err
	}
	if setsValue(at) {
		return s.told(ctx, l, "setValue", text)
	}
	if at.Tag != "input" && at.Tag != "textarea" && !at.Editable {
		return fail("%s is no text field but %s", l, at.What)
	}
	if err := s.told(ctx, l, "selectAll"); err != nil {
		return err
	}
	if text == "" {
		return s.pressKey(ctx, "Delete")
	}
	if err := s.front().callOnce(ctx, proto.InputInsertText{Text: text}, nil); err != nil {
		return err
	}
	var now string
	if err := s.front().ask(ctx, &now, "value"); err != nil {
		return err
	}
	if now == "" {
		return fail("%s stayed empty when the text was typed", l)
	}
	return nil
}

// setsValue says which fields are set rather than typed into: what they show
// while being typed into depends on the browser's language.
func setsValue(at spot) bool {
	switch at.Type {
	case "date", "time", "month", "week", "datetime-local", "color", "range":
		return at.Tag == "input"
	}
	return false
}

// told runs an action of our script on the held element; what it answers is
// what went wrong.
func (s *Session) told(ctx context.Context, l scenarios.Locator, action string, args ...any) error {
	var wrong string
	if err := s.front().act(ctx, &wrong, action, args...); err != nil {
		return err
	}
	switch wrong {
	case "":
		return nil
	case "gone":
		return fail("%s vanished while it was used", l)
	}
	return fail("%s %s", l, wrong)
}

// choose selects an option by its label or value. What is no real select is
// opened by a click, and the option clicked.
func (s *Session) choose(ctx context.Context, l scenarios.Locator, option string) error {
	at, err := s.locate(ctx, l, want{Point: true})
	if err != nil {
		return err
	}
	if at.Tag != "select" {
		if err := s.click(ctx, l); err != nil {
			return err
		}
		return s.click(ctx, scenarios.Locator{Role: "option", Name: option, Nth: -1})
	}
	var last struct {
		Done, Gone, Disabled bool
		Options              []string
	}
	for {
		// A list that depends on another field may still be on its way.
		err := s.front().act(ctx, &last, "choose", option)
		switch {
		case err != nil && ctx.Err() == nil:
			return err
		case err == nil && last.Done:
			return nil
		case sleep(ctx, lookAgain) == nil && !last.Gone:
			continue
		case last.Disabled:
			return fail("option %q of %s is disabled", option, l)
		}
		return fail("%s has no option %q; it has %s", l, option, quoteAll(last.Options))
	}
}

// check brings a check box, radio button or switch into the wanted state.
func (s *Session) check(ctx context.Context, l scenarios.Locator, off bool) error {
	at, err := s.locate(ctx, l, want{Point: true})
	if err != nil {
		return err
	}
	wanted := "on"
	if off {
		wanted = "off"
	}
	for clicked := false; ; {
		var now string
		if err := s.front().ask(ctx, &now, "checked"); err != nil {
			return err
		}
		switch {
		case now == wanted:
			return nil
		case now == "none":
			return fail("%s is no check box but %s", l, at.What)
		case !clicked:
			if err := s.click(ctx, l); err != nil {
				return err
			}
			clicked = true
		}
		if sleep(ctx, lookAgain) != nil {
			return fail("%s is still %s after the click", l, now)
		}
	}
}

// upload hands a file to a file input, which may be hidden behind a button.
func (s *Session) upload(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	file, err := s.uploadFile(st.With, f)
	if err != nil {
		return err
	}
	at, err := s.locate(ctx, *st.Target, want{Hidden: true})
	if err != nil {
		return err
	}
	if at.Tag != "input" || at.Type != "file" {
		return fail("%s is no file field but %s", st.Target, at.What)
	}
	object, err := s.front().object(ctx, "__crosstalk.held")
	if err != nil {
		return err
	}
	return s.front().callOnce(ctx, proto.DOMSetFileInputFiles{Files: []string{file}, ObjectID: object}, nil)
}

// uploadFile is the absolute path of what is to be uploaded. The customer's
// picture is written into the session's own folder.
func (s *Session) uploadFile(with string, f scenarios.Fields) (string, error) {
	if strings.ReplaceAll(with, " ", "") == "{{avatar}}" {
		if f.Customer == nil {
			return "", fail("a passer-by has no picture to upload")
		}
		path := filepath.Join(s.folder, "avatar.png")
		return path, os.WriteFile(path, f.Customer.Avatar, 0o600)
	}
	name, err := f.Expand(with)
	if err != nil {
		return "", fail("%v", err)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.options.Files, name)
	}
	if _, err := os.Stat(name); err != nil {
		return "", fail("there is no file to upload: %v", err)
	}
	return filepath.Abs(name)
}

// press sends a key to an element, or to whatever has the focus.
func (s *Session) press(ctx context.Context, st scenarios.Step, l *scenarios.Locator) error {
	if l != nil {
		if _, err := s.locate(ctx, *l, want{}); err != nil {
			return err
		}
		if err := s.told(ctx, *l, "focus"); err != nil {
			return err
		}
	}
	return s.pressKey(ctx, st.Key)
}
