package reports

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// tidy copies a result so that no list or map of it is nil and every string
// has been through f. The result given stays as it was.
func tidy(r harness.Result, f func(string) string) harness.Result {
	for _, s := range []*string{
		&r.Schema, &r.Scenario, &r.Target, &r.Started, &r.Label, &r.ID,
		&r.Version, &r.Profile, &r.Browser, &r.Folder,
	} {
		*s = f(*s)
	}
	r.Started = toSecond(r.Started)
	r.Verdict = leak.Verdict(f(string(r.Verdict)))
	r.Bound = finite(r.Bound)
	r.Reasons, r.Lost = each(r.Reasons, f), each(r.Lost, f)
	r.Accounts, r.Allowances, r.ThirdParty = each(r.Accounts, f), each(r.Allowances, f), each(r.ThirdParty, f)
	r.Unmarked = each(r.Unmarked, f)
	r.Remedies = beside(r.Reasons, each(r.Remedies, f))
	r.Rounds, r.Unseen, r.Failures = keyed(r.Rounds, f), keyed(r.Unseen, f), keyed(r.Failures, f)
	r.Coverage = each(r.Coverage, func(c leak.Coverage) leak.Coverage { return tidyCoverage(c, f) })
	r.NeverOwn = each(r.NeverOwn, func(n leak.NeverOwn) leak.NeverOwn {
		return leak.NeverOwn{Place: history.Place(f(string(n.Place))), Surface: history.Surface(f(string(n.Surface))), Visits: n.Visits}
	})
	r.Journeys, r.Places = each(r.Journeys, f), each(r.Places, f)
	r.Paces = each(r.Paces, func(p harness.Pace) harness.Pace {
		p.Why = f(p.Why)
		return p
	})
	r.Hooks = each(r.Hooks, func(h harness.Hook) harness.Hook {
		h.Schedule, h.Command, h.Failed = f(h.Schedule), f(h.Command), f(h.Failed)
		return h
	})
	r.Findings = each(r.Findings, func(x leak.Finding) leak.Finding { return tidyFinding(x, f) })
	r.UnseenPlaces = each(r.UnseenPlaces, func(u leak.Unseen) leak.Unseen {
		u.Place, u.Surface, u.Reason = history.Place(f(string(u.Place))), history.Surface(f(string(u.Surface))), f(u.Reason)
		return u
	})
	r.Mail.Strays = each(r.Mail.Strays, func(s leak.Stray) leak.Stray {
		return leak.Stray{To: f(s.To), Subject: f(s.Subject), Count: s.Count, Earlier: f(s.Earlier)}
	})
	r.SelfChecks = each(r.SelfChecks, func(c harness.Check) harness.Check {
		return harness.Check{Name: f(c.Name), OK: c.OK, Detail: f(c.Detail)}
	})
	r.People = each(r.People, func(p harness.Person) harness.Person {
		return harness.Person{ID: f(p.ID), Name: f(p.Name), Email: f(p.Email), Locale: f(p.Locale), Bystander: p.Bystander}
	})
	return r
}

// toSecond takes the fractions from a time stamp: nobody reads nanoseconds.
// What is no RFC 3339 time stays as it is.
func toSecond(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return at.Format(time.RFC3339)
}

func tidyFinding(x leak.Finding, f func(string) string) leak.Finding {
	for _, s := range []*string{
		&x.ID, &x.Fingerprint, &x.Rule, &x.Strength, &x.Cause, &x.Victim, &x.Viewer,
		&x.Kind, &x.Where, &x.Schedule, &x.Snippet, &x.Value, &x.Session, &x.Exchange,
		&x.Shot, &x.Reproduce,
	} {
		*s = f(*s)
	}
	x.Surface = history.Surface(f(string(x.Surface)))
	x.Place = history.Place(f(string(x.Place)))
	x.Decoded, x.Evidence = each(x.Decoded, f), each(x.Evidence, f)
	return x
}

func tidyCoverage(c leak.Coverage, f func(string) string) leak.Coverage {
	c.Place = history.Place(f(string(c.Place)))
	c.Surface = history.Surface(f(string(c.Surface)))
	c.Kinds = each(c.Kinds, f)
	c.Bound = finite(c.Bound)
	c.Edges, c.Cache = keyed(c.Edges, f), keyed(c.Cache, f)
	schedules := make(map[string]leak.Met, len(c.Schedules))
	for name, met := range c.Schedules {
		name = f(name)
		met.Exposures, met.Pairs = met.Exposures+schedules[name].Exposures, max(met.Pairs, schedules[name].Pairs)
		schedules[name] = met
	}
	c.Schedules = schedules
	return c
}

// finite keeps a run.json from being lost over a number that JSON cannot say:
// no bound is written as 0.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// each is a new list of f of every element, and never nil.
func each[T any](list []T, f func(T) T) []T {
	out := make([]T, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// keyed is a new map with f of every key; keys that become alike are added up.
func keyed(m map[string]int, f func(string) string) map[string]int {
	out := make(map[string]int, len(m))
	for k, v := range m {
		out[f(k)] += v
	}
	return out
}

// beside makes remedies as long as reasons, so that they can be read in pairs.
func beside(reasons, remedies []string) []string {
	out := make([]string, len(reasons))
	copy(out, remedies)
	return out
}

// valid keeps text as it is, but for bytes that are no UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// printable makes text of a target harmless for a terminal, for XML and for
// the eye: what moves the cursor, starts an escape sequence, turns the reading
// direction or is no character at all becomes U+FFFD; white space becomes one
// space.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\r' || c == '\t' || c == '\u2028' || c == '\u2029' || c == '\u0085':
			return ' '
		case unicode.IsControl(c) || turnsDirection(c) || c == '\ufffe' || c == '\uffff':
			return utf8.RuneError
		}
		return c
	}, valid(s))
}

// turnsDirection says whether c makes what follows be shown in another order
// than it is written in: a leaked text could so dress up the report.
func turnsDirection(c rune) bool {
	return c == '\u061c' || c == '\u200e' || c == '\u200f' ||
		(c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069')
}
