package browser

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"
)

// namedKeys are the keys that a scenario calls by name.
func namedKeys() map[string]input.Key {
	return map[string]input.Key{
		"enter": input.Enter, "return": input.Enter, "tab": input.Tab, "escape": input.Escape, "esc": input.Escape,
		"backspace": input.Backspace, "delete": input.Delete, "space": input.Space,
		"arrowup": input.ArrowUp, "arrowdown": input.ArrowDown, "arrowleft": input.ArrowLeft, "arrowright": input.ArrowRight,
		"home": input.Home, "end": input.End, "pageup": input.PageUp, "pagedown": input.PageDown, "insert": input.Insert,
		"f1": input.F1, "f2": input.F2, "f3": input.F3, "f4": input.F4, "f5": input.F5, "f6": input.F6,
		"f7": input.F7, "f8": input.F8, "f9": input.F9, "f10": input.F10, "f11": input.F11, "f12": input.F12,
	}
}

// modifierKeys are the keys that are held while another is pressed.
func modifierKeys() map[string]input.Key {
	return map[string]input.Key{
		"shift": input.ShiftLeft, "control": input.ControlLeft, "ctrl": input.ControlLeft,
		"alt": input.AltLeft, "meta": input.MetaLeft,
	}
}

// pressKey presses and releases a key: "Enter", "a", "Control+a". A character
// that no key has, such as "ł", is inserted as text.
func (s *Session) pressKey(ctx context.Context, name string) error {
	held, last := splitKeys(name)
	modifiers := 0
	for _, k := range held {
		modifiers |= k.Modifier()
		if err := s.sendKey(ctx, k, proto.InputDispatchKeyEventTypeKeyDown, modifiers); err != nil {
			return err
		}
	}
	if err := s.pressOne(ctx, last, modifiers); err != nil {
		return err
	}
	for i := len(held) - 1; i >= 0; i-- {
		modifiers &^= held[i].Modifier()
		if err := s.sendKey(ctx, held[i], proto.InputDispatchKeyEventTypeKeyUp, modifiers); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) pressOne(ctx context.Context, name string, modifiers int) error {
	key, known := keyOf(name)
	if !known && utf8.RuneCountInString(name) == 1 {
		return s.front().callOnce(ctx, proto.InputInsertText{Text: name}, nil)
	}
	if !known {
		return fail("there is no key %q", name)
	}
	if err := s.sendKey(ctx, key, proto.InputDispatchKeyEventTypeKeyDown, modifiers); err != nil {
		return err
	}
	return s.sendKey(ctx, key, proto.InputDispatchKeyEventTypeKeyUp, modifiers)
}

func (s *Session) sendKey(ctx context.Context, k input.Key, kind proto.InputDispatchKeyEventType, modifiers int) error {
	err := s.front().callOnce(ctx, k.Encode(kind, modifiers), nil)
	if saysOneOf(err, moved()) {
		return nil // the key did its work: the page went elsewhere
	}
	return err
}

// splitKeys takes "Control+Shift+a" apart; "+" alone is a key.
func splitKeys(name string) (held []input.Key, last string) {
	last = name
	for {
		before, after, more := strings.Cut(last, "+")
		key, isModifier := modifierKeys()[strings.ToLower(before)]
		if !more || !isModifier || after == "" {
			return held, last
		}
		held, last = append(held, key), after
	}
}

func keyOf(name string) (input.Key, bool) {
	if k, ok := namedKeys()[strings.ToLower(name)]; ok {
		return k, true
	}
	if k, ok := modifierKeys()[strings.ToLower(name)]; ok {
		return k, true
	}
	if len(name) == 1 && name[0] >= ' ' && name[0] <= '~' {
		return input.Key(name[0]), true
	}
	return 0, false
}
