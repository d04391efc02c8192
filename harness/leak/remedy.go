package leak

import "strings"

// remedyFor is what to do about a journey that failed: what its last failure
// says of the shop, where that says it all, or else the usual.
func remedyFor(failure, usual string) string {
	switch {
	case strings.Contains(failure, "answered 429"):
		return "the shop limits how often this machine may ask: raise its limits on staging for this address, or ask less of it (--customers, --parallel)"
	case strings.Contains(failure, "blocked by CORS"):
		return "the shop's pages send to another address than --target: tell the shop its public address, or aim at the one it has"
	}
	return usual
}
