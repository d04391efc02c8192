package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"crosstalk/harness"
)

// JSON writes run.json: the result with the field names promised to the
// outside, lists never null, ending in a newline. Equal results give equal
// bytes.
func JSON(w io.Writer, r harness.Result) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	// A browser that is made to show run.json must find no tag in it.
	enc.SetEscapeHTML(true)
	if err := enc.Encode(tidy(r, valid)); err != nil {
		return fmt.Errorf("write run.json: %w", err)
	}
	return nil
}

// ReadJSON reads what JSON wrote. It refuses another schema than
// harness.ResultSchema, and anything that is not JSON.
func ReadJSON(in io.Reader) (harness.Result, error) {
	var r harness.Result
	dec := json.NewDecoder(in)
	if err := dec.Decode(&r); err != nil {
		return harness.Result{}, fmt.Errorf("read run.json: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return harness.Result{}, errors.New("read run.json: more follows after the result")
	}
	if r.Schema != harness.ResultSchema {
		return harness.Result{}, fmt.Errorf("read run.json: schema is %q, this crosstalk reads %q", r.Schema, harness.ResultSchema)
	}
	return tidy(r, valid), nil
}
