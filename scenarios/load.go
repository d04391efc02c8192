package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

//go:embed *.yaml
var embedded embed.FS

// builtinPrefix marks the File of an embedded scenario.
const builtinPrefix = "builtin:"

// Builtin names the embedded scenarios, in alphabetical order.
func Builtin() []string {
	files, err := fs.Glob(embedded, "*.yaml")
	if err != nil {
		return nil
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// Load reads an embedded scenario by its name ("checkout"), or a file. The
// mistakes in it are *Error, as Parse reports them.
func Load(nameOrPath string, env func(string) (string, bool)) (*Scenario, error) {
	name := strings.TrimPrefix(nameOrPath, builtinPrefix)
	if src, err := embedded.ReadFile(name + ".yaml"); err == nil {
		return Parse(builtinPrefix+name, src, env)
	}
	src, err := os.ReadFile(nameOrPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("load scenario: no file and no built-in scenario %q; %s", nameOrPath, hintKey(nameOrPath, Builtin()))
	}
	if err != nil {
		return nil, fmt.Errorf("load scenario: %w", err)
	}
	return Parse(nameOrPath, src, env)
}
