package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "print crosstalk's version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "crosstalk %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// version is what the build knows of itself: a tag, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return "(devel " + setting.Value[:12] + ")"
		}
	}
	return "(devel)"
}

// build tells this program from any other: by its version, and where that does
// not say what code it was made of, by the sum of the program's own file.
func build() string {
	v := version()
	if !strings.Contains(v, "(") && !strings.Contains(v, "dirty") {
		return v
	}
	sum, err := programSum()
	if err != nil {
		return v
	}
	return v + " " + sum
}

func programSum() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find program: %w", err)
	}
	file, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("read program: %w", err)
	}
	defer func() { _ = file.Close() }() // was only read
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", fmt.Errorf("read program: %w", err)
	}
	return fmt.Sprintf("sha256:%.6x", h.Sum(nil)), nil
}
