package main

import (
	"strings"
	"testing"
)

const output = `goos: linux
BenchmarkW1/lit1     	 919581	       391.3 ns/op	       0 B/op	       0 allocs/op
BenchmarkW1/lit1     	 919581	       401.3 ns/op	       0 B/op	       0 allocs/op
BenchmarkW1/lit1     	 919581	       999.3 ns/op	       0 B/op	       0 allocs/op
BenchmarkW24/load/n=10	    247	    478218 ns/op	  146583 B/op	    1517 allocs/op
PASS
`

func TestTheBestMedianCounts(t *testing.T) {
	var tab table
	tab.add(parse(strings.NewReader(output)))
	tab.add(parse(strings.NewReader(strings.ReplaceAll(output, "401.3", "395.5"))))
	tab.add(parse(strings.NewReader(strings.ReplaceAll(output, "401.3", "500.5"))))
	var b strings.Builder
	if err := tab.print(&b); err != nil {
		t.Fatal(err)
	}
	want := `       workload  per op      ns/op    B/op  allocs/op  
        W1/lit1  396 ns      395.5       0          0  
  W24/load/n=10  478 µs   478218.0  146583       1517  
`
	if got := b.String(); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("the table is\n%s", got)
	}
}

func TestDurationsHaveThreeDigits(t *testing.T) {
	for ns, want := range map[float64]string{1: "1 ns", 9999: "9999 ns", 12345: "12.3 µs", 2.76e6: "2760 µs", 1.2e7: "12.0 ms", 1.4e9: "1400 ms", 2.5e10: "25.0 s"} {
		if got := round(ns); got != want {
			t.Errorf("%g ns is shown as %q, want %q", ns, got, want)
		}
	}
}
