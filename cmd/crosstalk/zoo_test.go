package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/zoo"
)

func TestAnInterruptedZooPromisesOnlyWhatItsFileHas(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("%w: no space left on device", zoo.ErrFile)
	for _, c := range []struct {
		file string
		err  error
		want string
	}{
		{"zoo.json", nil, "interrupted; the same command goes on from zoo.json\n"},
		{"", nil, "interrupted; with --json FILE there would be something to go on from\n"},
		{"zoo.json", full, "crosstalk: write zoo's file: no space left on device\ninterrupted; zoo.json lacks the rows that could not be written: the same command runs their cases again\n"},
		{"zoo.json", errors.New("remove run folder: busy"), "crosstalk: remove run folder: busy\ninterrupted; the same command goes on from zoo.json\n"},
	} {
		var said strings.Builder
		sayInterrupted(&said, c.file, c.err)
		assert.Equal(t, c.want, said.String())
	}
}

func TestABuildIsToldFromAnotherOfTheSameVersion(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, `^\(devel.* sha256:[0-9a-f]{12}$|^v[0-9]`, build())
	assert.Equal(t, build(), build())
}
