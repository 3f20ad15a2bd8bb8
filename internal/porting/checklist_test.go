package porting

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The porting checks are numbered. 111 to 121 belong to data filtering; where they stand, they stand beside it.
const lastCheck = 132

// Each check is a subtest whose name begins with its number, here or in pkg/oso: this is the index of them.
func TestEveryCheckHasItsTest(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*_test.go", "../../pkg/oso/*_test.go"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, matches...)
	}
	names := map[int][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"check (\d+): [^"]*"`).FindAllStringSubmatch(string(text), -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			names[n] = append(names[n], filepath.Base(file)+": "+m[0])
		}
	}
	for n := 1; n <= lastCheck; n++ {
		filtering := 111 <= n && n <= 121
		if len(names[n]) == 1 || filtering && len(names[n]) == 0 {
			continue
		}
		t.Errorf("check %d has %d tests: %v", n, len(names[n]), names[n])
	}
}

// platforms must be able to use the library, without cgo.
var platforms = []string{
	"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64", "windows/arm64", "js/wasm",
}

func TestPlatforms(t *testing.T) {
	t.Run("check 132: platforms, vendoring, static programs", func(t *testing.T) {
		makefile, err := os.ReadFile("../../Makefile")
		if err != nil {
			t.Fatal(err)
		}
		_, list, _ := strings.Cut(string(makefile), "PLATFORMS = ")
		list, _, _ = strings.Cut(list, "\n")
		for _, platform := range platforms {
			if !slices.Contains(strings.Fields(list), platform) {
				t.Errorf("make cross leaves %s out", platform)
			}
			goos, goarch, _ := strings.Cut(platform, "/")
			cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}}{{range .CgoFiles}} {{.}}{{end}}", "./pkg/oso", "./cmd/oso")
			cmd.Dir = root(t)
			cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", platform, err, out)
			}
			for line := range strings.Lines(string(out)) {
				if strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%s: cgo in %s", platform, line)
				}
			}
		}
		dir := module(t, programs[0], ours, "github.com/goso-project/goso", root(t))
		t.Setenv("CGO_ENABLED", "0")
		goCommand(t, dir, "mod", "vendor")
		cmd := exec.CommandContext(t.Context(), "go", "build", "-mod=vendor", "-o", "program", ".")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if runtime.GOOS != "linux" {
			return
		}
		file, err := elf.Open(filepath.Join(dir, "program"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range file.Progs {
			if p.Type == elf.PT_INTERP {
				t.Error("the program needs a dynamic linker")
			}
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}
