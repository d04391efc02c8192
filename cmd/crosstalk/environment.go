package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variable is the environment variable of a flag: --allow-host is
// CROSSTALK_ALLOW_HOST.
func variable(flag string) string {
	return "CROSSTALK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment gives the flags that the command line leaves out the values
// of their variables. Variables of repeatable flags hold one value a line.
func fromEnvironment(cmd *cobra.Command) error {
	var problem error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, ok := os.LookupEnv(variable(f.Name))
		if f.Changed || !ok || value == "" || problem != nil {
			return
		}
		values := []string{value}
		if _, many := f.Value.(pflag.SliceValue); many && f.Value.Type() == "stringArray" {
			values = strings.Split(value, "\n")
		}
		for _, v := range values {
			if err := cmd.Flags().Set(f.Name, v); err != nil {
				problem = usage{fmt.Errorf("%s=%q: %w", variable(f.Name), v, err)}
			}
		}
	})
	return problem
}
