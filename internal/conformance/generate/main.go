// Command generate writes random cases: policies with rules over a small class tree, and queries.
//
//	go run ./internal/conformance/generate -seed 1 -n 100000 > cases
//	go run ./internal/conformance/answer < cases > ours
//	node run.cjs < cases > theirs                             (any other engine)
//	go run ./internal/conformance/compare theirs ours
//
// The id of a case is its profile, seed and number; the same three give the same case again.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/conformance"
)

func main() {
	seed := flag.Uint64("seed", 1, "seed of the random numbers")
	n := flag.Int("n", 1000, "number of cases")
	from := flag.Int("from", 0, "number of the first case")
	only := flag.String("profile", "", "one of "+strings.Join(profileNames(), ", ")+"; empty for all in turn")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := generate(out, *seed, *from, *n, *only)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func profileNames() []string {
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.name
	}
	return names
}

// generate writes n cases from number from on.
func generate(w io.Writer, seed uint64, from, n int, only string) error {
	if only != "" && !slices.Contains(profileNames(), only) {
		return fmt.Errorf("no profile %q; there are %s", only, strings.Join(profileNames(), ", "))
	}
	for i := from; i < from+n; i++ {
		p := profiles[i%len(profiles)]
		if only != "" && p.name != only {
			p = profiles[slices.Index(profileNames(), only)]
		}
		if err := conformance.Write(w, newCase(p, seed, i)); err != nil {
			return err
		}
	}
	return nil
}
