package testkit_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/goso-project/goso"

// allowed says which packages of this module each package may import; test files are free. The compiler does not know the
// machine, nor the machine the syntax tree: they meet in internal/code. A package missing here may import none of ours.
var allowed = map[string][]string{
	"internal/slab":     {},
	"internal/diag":     {},
	"internal/lexer":    {"internal/diag"},
	"internal/ast":      {"internal/diag"},
	"internal/parser":   {"internal/ast", "internal/diag", "internal/lexer", "internal/slab"},
	"internal/resource": {"internal/ast", "internal/diag"},
	"internal/rewrite":  {"internal/ast", "internal/diag", "internal/slab"},
	"internal/check":    {"internal/ast", "internal/diag"},
	"internal/code":     {"internal/diag", "internal/slab"},
	"internal/compiler": {"internal/ast", "internal/code", "internal/diag", "internal/slab"},
	"internal/wam":      {"internal/access", "internal/code", "internal/diag", "internal/slab"},
	"internal/access":   {},
	"internal/partial":  {"internal/code", "internal/diag", "internal/wam"},
	"internal/filter":   {"internal/code", "internal/diag", "internal/wam"},
	"internal/engine": {"internal/ast", "internal/check", "internal/code", "internal/compiler", "internal/diag", "internal/lexer",
		"internal/parser", "internal/partial", "internal/resource", "internal/rewrite", "internal/roles", "internal/wam"},
	"internal/roles":     {"internal/ast", "internal/diag", "internal/parser", "internal/wam"},
	"pkg/oso/types":      {},
	"pkg/oso/interfaces": {},
	"pkg/oso/errors":     {"internal/diag", "pkg/oso/types"},
	"internal/host": {"internal/access", "internal/diag", "internal/engine", "internal/filter", "internal/partial", "internal/wam",
		"pkg/oso/errors", "pkg/oso/interfaces", "pkg/oso/types"},
	"internal/explain": {"internal/ast", "internal/diag", "internal/show", "internal/wam", "pkg/oso/types"},
	"internal/replay":  {"internal/diag", "internal/engine", "internal/wam"},
	"internal/naive":   {"internal/ast", "internal/diag"},

	// Beside the library: what they do, a program could do too.
	"pkg/oso/osohttp": {"pkg/oso", "pkg/oso/errors"},
	"pkg/oso/osotest": {"pkg/oso", "pkg/oso/errors", "pkg/oso/types"},

	// Behind the commands.
	"internal/lineedit":    {},
	"internal/measure":     {"internal/engine", "internal/wam"},
	"internal/policyfiles": {},
	"internal/report":      {"internal/diag"},
	"internal/show":        {"internal/ast", "internal/wam"},
	"internal/standin":     {"internal/engine", "internal/show", "internal/wam"},
	"internal/repl": {"internal/ast", "internal/diag", "internal/engine", "internal/parser", "internal/report", "internal/show",
		"internal/wam"},
}

// mayImport decides for packages that the table treats as a group.
func mayImport(pkg, imp string) bool {
	isTestOnly := imp == "internal/naive" || imp == "internal/testkit" || imp == "internal/conformance"
	switch {
	case under(pkg, "internal/conformance"), pkg == "internal/testkit":
		return true
	case pkg == "pkg/oso", under(pkg, "cmd"):
		return !isTestOnly
	case under(pkg, "examples"):
		return under(imp, "pkg/oso")
	default:
		return slices.Contains(allowed[pkg], imp)
	}
}

func under(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

// imports returns each package of the module with what it imports, test files left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./...")
	cmd.Dir = path.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		all[strings.TrimPrefix(fields[0], module+"/")] = fields[1:]
	}
	return all
}

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, imp := range list {
			if imp, ours := strings.CutPrefix(imp, module+"/"); ours && !mayImport(pkg, imp) {
				t.Errorf("%s must not import %s", pkg, imp)
			}
		}
	}
}

func TestOnlyTheStandardLibraryOutsideTests(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, imp := range list {
			first, _, _ := strings.Cut(imp, "/")
			if strings.Contains(first, ".") && !under(imp, module) {
				t.Errorf("%s imports %s, which is not of the standard library", pkg, imp)
			}
		}
	}
}
