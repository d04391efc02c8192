package browser

import (
	"context"

	"crosstalk/harness/history"
)

// Description is what is to be known of a running browser, for `doctor`.
type Description struct {
	Path       string              // the program, or the address
	Product    string              // as the running browser says: "HeadlessChrome/156.0.8078.79"
	How        string              // how it was found
	Sandbox    bool                // whether its own sandbox is on
	SandboxWhy string              // why it is as it is
	Checks     []history.SelfCheck // of its contexts
	Isolated   bool                // all checks are OK
}

// Describe describes a running browser and checks that its contexts are
// isolated; it takes as long as SelfChecks.
func Describe(ctx context.Context, b *Browser) Description {
	d := Description{
		Path: shown(b.binary.Path), Product: b.version, How: b.binary.How,
		Checks: SelfChecks(ctx, b), Isolated: true,
	}
	d.Sandbox, d.SandboxWhy = b.sandboxed()
	for _, c := range d.Checks {
		d.Isolated = d.Isolated && c.OK
	}
	return d
}

func (b *Browser) sandboxed() (bool, string) {
	why := needsNoSandbox()
	switch {
	case b.remote:
		return false, "unknown: crosstalk did not start this browser"
	case why != "":
		return false, "off: " + why
	}
	return true, "on"
}
