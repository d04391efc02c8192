package scenarios

import (
	"net/netip"
	"strings"
)

// letterOrDigit is so for those of ASCII.
func letterOrDigit(c rune) bool {
	return smallOrDigit(c) || c >= 'A' && c <= 'Z'
}

func smallOrDigit(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// isPlainName is so for names that are easy to type and to put into file names.
func isPlainName(s string) bool {
	return s != "" && smallOrDigit(rune(s[0])) && !strings.ContainsFunc(s, func(c rune) bool {
		return !smallOrDigit(c) && !strings.ContainsRune("_.-", c)
	})
}

// isKindName is so for names of remembered values, which {{…}} can hold.
func isKindName(s string) bool {
	return s != "" && s[0] >= 'a' && s[0] <= 'z' && !strings.ContainsFunc(s, func(c rune) bool {
		return !smallOrDigit(c) && c != '_'
	})
}

// isHost is so for a host name, one with a leading "*.", and an IP address.
func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	for label := range strings.SplitSeq(strings.TrimPrefix(s, "*."), ".") {
		bad := strings.ContainsFunc(label, func(c rune) bool { return !letterOrDigit(c) && c != '-' && c != '_' })
		if label == "" || bad {
			return false
		}
	}
	return true
}
