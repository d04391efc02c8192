package leak

import (
	"context"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// readHeaders reads the journal once more for its header lines: kept in
// memory they would be most of it, and few have a marker.
func (in *inspection) readHeaders(ctx context.Context, h History, rec *record) error {
	for e, err := range h.Events() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if e.Exchange == nil || rec.byID[e.Exchange.ID] == nil {
			continue
		}
		x := rec.byID[e.Exchange.ID]
		rec.sightings = append(rec.sightings, in.headerSightings(x, headLines(e.Exchange))...)
		in.remarkHeaders(x, e.Exchange.Headers)
	}
	return nil
}

// headLines are an answer's header lines and those of the 103 that came before
// it, whose names say so.
func headLines(x *history.Exchange) []history.Header {
	if len(x.EarlyHints) == 0 {
		return x.Headers
	}
	all := slices.Clone(x.Headers)
	for _, h := range x.EarlyHints {
		all = append(all, history.Header{Name: "103 " + h.Name, Value: h.Value})
	}
	return all
}

// betweenLines parts header lines that are searched together: nothing encoded
// goes on across it.
const betweenLines = "\n;\n"

// headerSightings are what the header lines of an exchange show. Lines
// without a marker make none. Most have none, so all are searched at once
// before each is.
func (in *inspection) headerSightings(x *exchange, lines []history.Header) []*sighting {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.Value
	}
	if len(in.own.index.Find(readLine(strings.Join(all, betweenLines)))) == 0 && !hideInCookies(lines) {
		return nil
	}
	var made []*sighting
	for _, l := range lines {
		c := in.line(l)
		if c == nil {
			continue
		}
		surface := history.SurfaceHeader
		if strings.EqualFold(l.Name, "set-cookie") {
			surface = history.SurfaceCookie
		}
		made = append(made, &sighting{
			scene: in.rec.shown(x, surface), id: x.id, session: x.session, step: x.step,
			at: x.start, exchange: x, body: &body{}, line: c,
		})
	}
	return made
}

func readLine(value string) *match.Reading { return match.Read("text/plain", []byte(value)) }

// line is what a header line shows that can prove something by itself; nil
// when that is nothing.
func (in *inspection) line(l history.Header) *content {
	name, masked := strings.ToLower(l.Name), content{}
	if name == "set-cookie" {
		line := readCookie(l.Value)
		name = line.name
		in.cookieMasks(&masked, name, line.value, 0)
	}
	found := in.own.sorted(in.own.index.Find(readLine(l.Value)), func(from, to int) string { return l.Value[from:to] })
	if len(found.strong)+len(found.parts)+len(masked.masks) == 0 {
		return nil
	}
	for _, kind := range [][]hit{found.strong, found.weak, found.parts} {
		for i := range kind {
			kind[i].text = l.Value
			kind[i].where = in.name(inLine(name, kind[i].where))
		}
	}
	return &content{hits: found.strong, weak: found.weak, parts: found.parts, masks: masked.masks, strangeMasks: masked.strangeMasks}
}

// inLine is a place in what a header line or cookie holds: "sid", "prefs›$.email".
func inLine(name, inner string) string {
	if inner == "" {
		return name
	}
	return name + "›" + strings.TrimPrefix(inner, "›")
}
