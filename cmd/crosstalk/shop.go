package main

import (
	"fmt"
	"net"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"crosstalk/scenarios/demoshop"
)

// defaultListen is the address of the demo shop.
const defaultListen = "127.0.0.1:8080"

func newShop(s streams) *cobra.Command {
	var listen string
	var faults []string
	var o demoshop.Options
	cmd := &cobra.Command{
		Use: "shop", Short: "serve the demo shop, healthy or with a fault", Long: shopAbout(), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fromEnvironment(cmd); err != nil {
				return err
			}
			shop, err := newDemoShop(faults, o)
			if err != nil {
				return usage{err}
			}
			if _, _, err := net.SplitHostPort(o.SMTP); o.SMTP != "" && err != nil {
				return usage{fmt.Errorf("read --smtp: %w; write it as 127.0.0.1:1025", err)}
			}
			base, done, err := shop.Serve(cmd.Context(), listen)
			if err != nil {
				return fmt.Errorf("%w; choose another address with --listen", err)
			}
			fmt.Fprintf(s.out, "demo shop at %s%s\n", base, faultText(faults)+decoyText(o.Decoys))
			return <-done
		},
	}
	cmd.Flags().StringVar(&listen, "listen", defaultListen, "address to serve at")
	cmd.Flags().StringArrayVar(&faults, "fault", nil, "fault to switch on: NAME, NAME=RATE, NAME/VARIANT or NAME/VARIANT=RATE (repeatable)")
	cmd.Flags().StringArrayVar(&o.Decoys, "decoy", nil, "what looks like a leak and is none, to switch on: NAME, or all (repeatable)")
	cmd.Flags().StringVar(&o.SMTP, "smtp", "", "send the customers' mail to this SMTP server, HOST:PORT (default: send none)")
	cmd.Flags().Uint64Var(&o.Rename, "rename", 0, "rename paths, headers, cookies and fields by this seed: a judge must not know the shop")
	cmd.Flags().BoolVar(&o.Bare, "bare", false, "without the shop's own cache in front: to put a real one there")
	cmd.Flags().BoolVar(&o.Lenient, "lenient", false, "answer with the account page below its own address too, /account/logo.css, as routers do that go by the beginning of a path")
	return cmd
}

// newDemoShop opens a shop with these faults.
func newDemoShop(faults []string, o demoshop.Options) (*demoshop.Shop, error) {
	for _, text := range faults {
		fault, err := demoshop.ParseFault(text)
		if err != nil {
			return nil, err
		}
		o.Faults = append(o.Faults, fault)
	}
	return demoshop.New(o)
}

func faultText(faults []string) string {
	if len(faults) == 0 {
		return ", healthy"
	}
	return ", with " + strings.Join(faults, ", ")
}

func decoyText(decoys []string) string {
	if len(decoys) == 0 {
		return ""
	}
	return ", with what only looks like a leak: " + strings.Join(decoys, ", ")
}

func shopAbout() string {
	var b strings.Builder
	b.WriteString(`Serves the embedded checkout, so that crosstalk can be tried on something that
leaks on purpose.

  crosstalk shop --fault edge-cache                  everything goes astray
  crosstalk shop --fault edge-cache/masked=0.1       only what is masked, one time in ten
  crosstalk shop --decoy all                         healthy, and suspicious to look at

A fault has four variants, which say what of a customer goes astray: plain
(everything), masked (q****7@…), encoded (base64 of JSON) and token (a key alone,
and no personal data at all). The faults:
`)
	for _, f := range demoshop.Faults() {
		text := f.Mechanism
		if variants := f.Variants(); len(variants) < len(demoshop.Variants()) {
			text += fmt.Sprintf(". It has no variant but %s", strings.Trim(fmt.Sprint(variants), "[]"))
		}
		b.WriteString(entry(f.Name, text))
	}
	b.WriteString("\nWhat looks like a leak and is none, for --decoy:\n")
	for _, d := range demoshop.Decoys() {
		b.WriteString(entry(d.Name, d.Is))
	}
	b.WriteString(`
A POST to /flush from this machine empties its caches, as a restart would, and
leaves accounts and sessions alone:

  crosstalk run --on-herd 'curl -fsS -X POST http://127.0.0.1:8080/flush'
`)
	return b.String()
}

// entry is one of a list in a help text: a name, and a text beside it.
func entry(name, text string) string {
	const left, width = 22, 80
	var b strings.Builder
	line := fmt.Sprintf("  %-*s", left-2, name)
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(line+word) > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = strings.Repeat(" ", left)
		}
		line += word + " "
	}
	return "\n" + b.String() + strings.TrimRight(line, " ") + "\n"
}
