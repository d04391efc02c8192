// Command crosstalk drives fake customers through a staging checkout and fails
// if any session is shown another customer's data.
//
// This package is wiring only: one file for each command.
package main

import (
	"context"
	"os"
)

func main() {
	ctx, end := interruptible(context.Background())
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	end()
	os.Exit(code)
}
