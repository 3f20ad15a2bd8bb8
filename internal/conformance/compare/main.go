// Command compare compares two answered files, another engine's and ours, case by case.
//
//	go run ./internal/conformance/compare theirs ours
//
// A difference needs an explanation: repairs, listed in explain.go, each of which recognises a decision to differ in the case and both
// answers and changes the other engine's answer accordingly; what is left must agree. The report counts the cases of each reason with an id to repeat one by, and shows what nothing explains. The exit
// code is 1 if there is any.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/conformance"
)

func main() {
	show := flag.Int("show", 20, "how many unexplained differences to show in full")
	list := flag.Bool("list", false, "print the ids of unexplained differences only")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: compare [flags] theirs ours")
		os.Exit(2)
	}
	print := func(r *report) { r.print(os.Stdout, *show) }
	if *list {
		print = func(r *report) { r.list(os.Stdout) }
	}
	unexplained, err := compareFiles(print, flag.Arg(0), flag.Arg(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	if unexplained > 0 {
		os.Exit(1)
	}
}

func compareFiles(print func(*report), theirs, ours string) (unexplained int, err error) {
	want, err := readFile(theirs)
	if err != nil {
		return 0, err
	}
	got, err := readFile(ours)
	if err != nil {
		return 0, err
	}
	r, err := compare(want, got)
	if err != nil {
		return 0, err
	}
	print(r)
	return len(r.unexplained), nil
}

func readFile(name string) ([]*conformance.Case, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cases, err := conformance.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return cases, nil
}

// report is the outcome of a comparison.
type report struct {
	total, agree, explained int

	reasons     map[string][]string // reason to ids; a case may have several reasons
	unexplained [][2]*conformance.Case
}

// compare pairs the cases by id. Each case of want must be in got.
func compare(want, got []*conformance.Case) (*report, error) {
	ours := make(map[string]*conformance.Case, len(got))
	for _, c := range got {
		ours[c.ID] = c
	}
	r := &report{reasons: map[string][]string{}}
	for _, theirs := range want {
		our := ours[theirs.ID]
		if our == nil {
			return nil, fmt.Errorf("case %s has no answer of ours", theirs.ID)
		}
		r.total++
		if conformance.Agree(&theirs.Answer, &our.Answer) {
			r.agree++
			continue
		}
		if reason := explain(theirs, &our.Answer); reason != "" {
			r.explained++
			for _, one := range strings.Split(reason, "; ") {
				r.reasons[one] = append(r.reasons[one], theirs.ID)
			}
			continue
		}
		r.unexplained = append(r.unexplained, [2]*conformance.Case{theirs, our})
	}
	return r, nil
}

// list writes an id a line.
func (r *report) list(w io.Writer) {
	for _, pair := range r.unexplained {
		fmt.Fprintln(w, pair[0].ID)
	}
}

func (r *report) print(w io.Writer, show int) {
	for i, pair := range r.unexplained {
		if i >= show {
			fmt.Fprintf(w, "… and %d more\n", len(r.unexplained)-show)
			break
		}
		sources, _ := pair[0].Sources() // read before
		for _, s := range sources {
			fmt.Fprintf(w, "%s\n%s\n", pair[0].ID, s.Text)
		}
		if q := pair[0].Query; q != nil {
			fmt.Fprintf(w, "?= %s\n", *q)
		}
		fmt.Fprintf(w, "theirs %s\nours   %s\n\n", conformance.Canonical(&pair[0].Answer), conformance.Canonical(&pair[1].Answer))
	}
	for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
		ids := r.reasons[reason]
		fmt.Fprintf(w, "%6d differ: %s (%s)\n", len(ids), reason, strings.Join(ids[:min(3, len(ids))], ", "))
	}
	fmt.Fprintf(w, "%d of %d agree, %d differ for a reason, %d unexplained\n", r.agree, r.total, r.explained, len(r.unexplained))
}
