package zoo

import (
	"fmt"
	"strings"

	"crosstalk/harness/leak"
)

// mute says why a fault was not found.
func (r *Row) mute() {
	switch n := r.AllChances; {
	case r.Found:
		r.Why = r.otherwise()
	case len(r.Alarms) > 0:
		r.Why = fmt.Sprintf("false alarm, it had not struck: %s", r.Alarms[0])
	case n.Opportunities == 0:
		r.Why = "it had no opportunity to strike" + r.unwalked()
	case n.Strikes == 0:
		r.Why = fmt.Sprintf("it had %s and took none%s", count(n.Opportunities, "opportunity", "opportunities"), r.unwalked())
	default:
		r.Why = fmt.Sprintf("it struck %s in %s, and nobody saw it%s", count(n.Strikes, "time", "times"), count(n.Opportunities, "opportunity", "opportunities"), r.unwalked())
	}
}

// unwalked is the first reason of a run that came to no verdict, with what
// would help: a fault that had no time to show itself has not been missed.
func (r *Row) unwalked() string {
	if r.Verdict != leak.Inconclusive || len(r.Reasons) == 0 {
		return ""
	}
	text := "; its run came to no verdict: " + r.Reasons[0]
	if len(r.Remedies) > 0 && r.Remedies[0] != "" {
		text += "; " + r.Remedies[0]
	}
	return text
}

// otherwise says in what a finding is not as expected.
func (r *Row) otherwise() string {
	var out []string
	if !r.RuleRight {
		out = append(out, fmt.Sprintf("by the rule %q, not %s", r.Finding.Rule, strings.Join(r.Rules, " or ")))
	}
	if !r.SurfaceRight {
		out = append(out, fmt.Sprintf("on %s, not %s", r.Finding.Surface, joined(r.Surfaces)))
	}
	if !r.CauseRight {
		out = append(out, fmt.Sprintf("cause %s, not %s", r.Finding.Cause, r.Cause))
	}
	if len(r.Impure) > 0 {
		out = append(out, fmt.Sprintf("impure, %s: %s", count(len(r.Impure), "plain proof", "plain proofs"), r.Impure[0]))
	}
	if len(r.Alarms) > 0 {
		out = append(out, "false alarm, before it first struck: "+r.Alarms[0])
	}
	return strings.Join(out, "; ")
}
