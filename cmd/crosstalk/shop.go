package main

import (
	"fmt"
	"net"
	"strings"

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
	cmd.Flags().StringArrayVar(&faults, "fault", nil, "fault to switch on, NAME or NAME=RATE (repeatable)")
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
	b.WriteString("Serves the embedded checkout, so that crosstalk can be tried on something that\nleaks on purpose. The faults:\n")
	for _, f := range demoshop.Faults() {
		fmt.Fprintf(&b, "\n  %-16s %s\n", f.Name, f.Mechanism)
	}
	b.WriteString("\nWhat looks like a leak and is none:\n")
	for _, d := range demoshop.Decoys() {
		fmt.Fprintf(&b, "\n  %-16s %s\n", d.Name, d.Is)
	}
	b.WriteString("\nA POST to /flush from this machine empties its caches, as a restart would, and\nleaves accounts and sessions alone:\n")
	b.WriteString("\n  crosstalk run --on-herd 'curl -fsS -X POST http://127.0.0.1:8080/flush'\n")
	return b.String()
}
