package reports

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"crosstalk/harness"
	"crosstalk/harness/leak"
)

// JUnit writes the result as JUnit XML: one suite, with a case for the
// verdict, each reason, each self-check, each own place and surface, and each
// finding. There are failures when, and only when, the verdict is leak, and
// errors when a verdict was not reached; suspicions are skipped cases.
func JUnit(w io.Writer, r harness.Result) error {
	s := suite{digest: digested(r)}
	s.Testsuite = junit.Testsuite{Name: s.class(), Time: seconds(r.Duration)}
	if at, err := time.Parse(time.RFC3339, s.Started); err == nil {
		s.SetTimestamp(at)
	}
	s.properties()
	s.verdict()
	s.reasons()
	s.selfChecks()
	s.places()
	s.findings()
	doc := junit.Testsuites{Name: "crosstalk", Time: seconds(r.Duration)}
	doc.AddSuite(s.Testsuite)
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return fmt.Errorf("write junit.xml: %w", err)
	}
	if err := doc.WriteXML(w); err != nil {
		return fmt.Errorf("write junit.xml: %w", err)
	}
	return nil
}

type suite struct {
	digest
	junit.Testsuite
}

// class is the name that all cases of a scenario share: stable over runs, so
// that a CI server can tell each case's history.
func (s *suite) class() string { return "crosstalk." + s.Scenario }

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }

func (s *suite) properties() {
	for _, f := range s.runFacts() {
		s.AddProperty(f.Name, f.Value)
	}
	s.AddProperty("verdict", string(s.Verdict))
	s.AddProperty("exit code", fmt.Sprint(s.Exit))
	s.AddProperty("customers", fmt.Sprint(s.Customers))
	s.AddProperty("sessions", fmt.Sprint(s.Sessions))
	s.AddProperty("exposures", fmt.Sprint(s.Exposures))
	s.AddProperty("rate_bound_95", fmt.Sprint(s.Bound))
	s.AddProperty("pairs_met", fmt.Sprint(s.PairsMet))
	s.AddProperty("pairs_needed", fmt.Sprint(s.PairsNeeded))
	if scope := s.scope(); scope != "" {
		s.AddProperty("narrowed", scope)
	}
	for _, row := range s.scheduleRows() {
		s.AddProperty("schedule "+row.Name, fmt.Sprintf("%d rounds, %d exposures, %d pairs", row.Rounds, row.Exposures, row.Pairs))
	}
	if s.Folder != "" {
		s.AddProperty("folder", s.Folder)
	}
}

func (s *suite) add(class, name string, f func(*junit.Testcase)) {
	c := junit.Testcase{Classname: s.class() + "." + class, Name: name, Time: "0.000"}
	f(&c)
	s.AddTestcase(c)
}

func (s *suite) verdict() {
	s.add("run", "verdict", func(c *junit.Testcase) {
		said := &junit.Result{Message: s.headline(), Type: string(s.Verdict), Data: strings.TrimSpace(s.detail() + "\n" + s.bound())}
		switch s.Verdict {
		case leak.Isolated:
			c.SystemOut = &junit.Output{Data: said.Message + "\n" + said.Data}
		case leak.Leak:
			c.Failure = said
		default:
			c.Error = said
		}
	})
}

// reached says whether the judge came to a verdict.
func (s *suite) reached() bool { return s.Verdict == leak.Leak || s.Verdict == leak.Isolated }

// reasons of an isolated run or of a leak are information: the verdict's own
// case says already that something is wrong.
func (s *suite) reasons() {
	for i, reason := range s.Reasons {
		s.add("run", fmt.Sprintf("reason %d", i+1), func(c *junit.Testcase) {
			said := reason
			if s.Remedies[i] != "" {
				said += "\nremedy: " + s.Remedies[i]
			}
			if s.reached() {
				c.SystemOut = &junit.Output{Data: said}
				return
			}
			c.Error = &junit.Result{Message: reason, Type: string(leak.Inconclusive), Data: said}
		})
	}
}

func (s *suite) selfChecks() {
	for _, check := range s.SelfChecks {
		s.add("self-check", check.Name, func(c *junit.Testcase) { s.selfCheck(c, check) })
	}
}

// selfCheck is an error only where no verdict was reached: what the judge could
// do without is information.
func (s *suite) selfCheck(c *junit.Testcase, check harness.Check) {
	switch {
	case !check.OK && !s.reached():
		c.Error = &junit.Result{Message: check.Name + " failed", Type: "self-check", Data: check.Detail}
	case !check.OK:
		c.SystemOut = &junit.Output{Data: "failed: " + check.Detail}
	case check.Detail != "":
		c.SystemOut = &junit.Output{Data: check.Detail}
	}
}

func (s *suite) places() {
	for _, own := range s.Coverage {
		s.add("place", fmt.Sprintf("%s (%s)", own.Place, surfaceWords(own.Surface)), func(c *junit.Testcase) {
			seen := fmt.Sprintf("own data seen by %d of %d sessions, in %d of %d visits; %d pairs met, %d exposures, %d bodies unseen; shows %s",
				own.OwnSeen, own.Sessions, own.OwnVisits, own.Visits, own.Pairs, own.Exposures, own.Unseen, listed(each(own.Kinds, kindWords)))
			for _, more := range []string{strings.Join(metBy(own), ", "), wayThere(own)} {
				if more != "" {
					seen += "\n" + more
				}
			}
			c.SystemOut = &junit.Output{Data: seen}
			if here := s.proofsAt(own.Place, own.Surface); len(here) > 0 {
				c.Failure = &junit.Result{Message: "another customer's data was shown here", Type: here[0].Rule, Data: "see " + listed(ids(here))}
			}
		})
	}
}

func (s *suite) findings() {
	for _, f := range s.Findings {
		s.add("finding", f.ID+": "+s.sentence(f), func(c *junit.Testcase) { s.finding(c, f) })
	}
}

func (s *suite) finding(c *junit.Testcase, f leak.Finding) {
	said := &junit.Result{Message: s.sentence(f) + " at " + string(f.Place), Type: f.Rule, Data: s.story(f)}
	if f.Strength == leak.Suspicion {
		c.Skipped = said
	} else {
		c.Failure = said
	}
	if f.Shot != "" {
		c.SystemOut = &junit.Output{Data: "[[ATTACHMENT|" + path.Join(s.Folder, f.Shot) + "]]"}
	}
}

// story is a finding in full, as lines.
func (s *suite) story(f leak.Finding) string {
	lines := []string{
		"where: " + whereOf(f), "when: " + whenOf(f), "cause: " + f.Cause,
		"strength: " + f.Strength, "fingerprint: " + f.Fingerprint,
	}
	for _, e := range f.Evidence {
		lines = append(lines, "evidence: "+e)
	}
	for _, l := range []fact{{"value", f.Value}, {"shown", f.Snippet}, {"reproduce", f.Reproduce}} {
		if l.Value != "" {
			lines = append(lines, l.Name+": "+l.Value)
		}
	}
	return strings.Join(lines, "\n")
}
