package harness

import (
	"fmt"
	"strings"
)

// surfacesTable is the table of README.md.
func surfacesTable(all []probe) string {
	var b strings.Builder
	b.WriteString("| surface | client | what shows it | seen |\n|---|---|---|---|\n")
	for _, p := range all {
		seen := "yes"
		if p.blind != "" {
			seen = "no: " + p.blind
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.surface, p.of(), p.what, seen)
	}
	return b.String()
}
