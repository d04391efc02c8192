package main

import (
	"bytes"

	"github.com/rogpeppe/go-internal/testscript"

	"crosstalk/harness/history"
)

// cmdSamePlan says that two runs had the same customers and walked the same
// plan: sameplan RUN RUN.
func cmdSamePlan(ts *testscript.TestScript, _ bool, args []string) {
	first, second := recorded(ts, args[0]), recorded(ts, args[1])
	if len(first) == 0 || !bytes.Equal(first, second) {
		ts.Fatalf("%d bytes of customers and plan against %d", len(first), len(second))
	}
}

// recorded are the customers and the plan of a run, as they were written.
func recorded(ts *testscript.TestScript, folder string) []byte {
	h, err := history.Open(ts.MkAbs(folder))
	ts.Check(err)
	var out bytes.Buffer
	for e, err := range h.Events() {
		ts.Check(err)
		switch {
		case e.Customer != nil:
			out.Write(e.Customer.Record)
		case e.Plan != nil:
			out.Write(e.Plan.Record)
		}
	}
	return out.Bytes()
}
