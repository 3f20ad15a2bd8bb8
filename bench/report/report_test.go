package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

func TestQuartiles(t *testing.T) {
	q1, m, q3 := quartiles([]float64{5, 1, 4, 2, 3})
	if q1 != 2 || m != 3 || q3 != 4 {
		t.Errorf("got %g, %g, %g, want 2, 3, 4", q1, m, q3)
	}
	if q1, m, q3 = quartiles([]float64{7}); q1 != 7 || m != 7 || q3 != 7 {
		t.Errorf("of one value: %g, %g, %g", q1, m, q3)
	}
	if _, m, _ = quartiles(nil); !math.IsNaN(m) {
		t.Errorf("of nothing: %g", m)
	}
}

func TestSlopes(t *testing.T) {
	n := []float64{10, 100, 1000}
	for want, y := range map[float64][]float64{0: {7, 7, 7}, 1: {20, 200, 2000}, 2: {1, 100, 10_000}} {
		if got := slope(n, y); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: got %g, want %g", y, got, want)
		}
	}
	if got := slope([]float64{1}, []float64{1}); !math.IsNaN(got) {
		t.Errorf("of one point: %g", got)
	}
}

func TestNumbersAsText(t *testing.T) {
	for f, want := range map[float64]string{0.123: "0.12", 1.5: "1.50", 12.34: "12.3", 123.4: "123", 4567: "4,570", 1234567: "1,230,000"} {
		if got := digits(f); got != want {
			t.Errorf("%g is shown as %q, want %q", f, got, want)
		}
	}
	for ns, want := range map[float64]string{1: "1 ns", 999: "999 ns", 12345: "12.3 µs", 2.76e6: "2.76 ms", 1.4e9: "1.40 s"} {
		if got := duration(ns); got != want {
			t.Errorf("%g ns is shown as %q, want %q", ns, got, want)
		}
	}
	for power, want := range map[float64]string{-2: "1/100×", 0: "1×", 3: "1,000×"} {
		if got := factor(power); got != want {
			t.Errorf("10^%g is shown as %q, want %q", power, got, want)
		}
	}
}

// sample is a small report.
func sample() *Report {
	return &Report{
		Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Machine: "a machine", Go: "go1.26", Commit: "abc", Rounds: 6, Batch: time.Millisecond,
		Contestants: []Contestant{
			{Key: ours, Name: "Goso", Family: familyOurs}, {Key: "cedar", Name: "cedar-go", Family: familyPeer, Version: "v1"},
			{Key: "casbin", Name: "casbin", Family: familyPeer}, {Key: "swi", Name: "SWI-Prolog", Family: familyProlog, NotRun: "swipl is not <installed>"},
		},
		Problems: []Problem{
			{ID: "W1/lit1", Entries: map[string]*Entry{
				ours:     {Times: []float64{100, 110, 120, 130}, Ratios: []float64{1, 1, 1, 1}},
				"cedar":  {Times: []float64{300, 340, 380, 420}, Ratios: []float64{3.01, 3.1, 3.2, 3.3}, Allocs: 11, Bytes: 900},
				"casbin": {Times: []float64{300, 340, 380, 420}, Ratios: []float64{3, 3.9, 4.1, 4.2}, Easier: "it is given <less>"},
			}},
			{ID: "W7/rbac_via_org", Entries: map[string]*Entry{
				ours:     {Times: []float64{1000, 1300}, Ratios: []float64{1, 1}, Allocs: 2},
				"cedar":  {Failed: "W7: allow gave false, want true"},
				"casbin": {Cannot: "no form written for it"},
			}},
		},
		Growth: []Series{{Name: "facts", What: "facts & more", Bound: 0.1, Points: []Point{
			{N: 10, Count: 4, Seconds: map[string]float64{ours: 1e-6}}, {N: 1000, Count: 4, Seconds: map[string]float64{ours: 2e-6}}}}},
		Memory:   []Memory{{Contestant: ours, Resident: 60 << 20, Heap: 40 << 20}},
		Parallel: []Parallel{{ID: "W1/lit1", Contestant: ours, Speedup: []float64{1.9}, Cost: []float64{1}}},
	}
}

func TestTargetsAreJudged(t *testing.T) {
	seen := map[string]target{}
	for _, target := range sample().targets() {
		seen[target.Text] = target
	}
	for text, want := range map[string]struct {
		held verdict
		seen string
	}{
		"≥ 3 × cedar-go on W1, W2":                                        {held, "lowest of 1: 3.08× on W1/lit1"},
		"≥ 1.5 × cedar-go on W6, W7, W8, W11":                             {notMeasured, ""},
		"≥ 4 × casbin on W1, W2, W3, W4, W6, W7, W8, W11":                 {notHeld, "1 of 1 are below: W1/lit1 3.67×"},
		"≥ 1 × SWI-Prolog on W19/nrev/n=30, W20/fib/n=20, W20/queens/n=8": {notMeasured, "swipl is not <installed>"},
		"W1/lit1 in 150 ns or less":                                       {held, "115 ns (108 ns to 122 ns)"},
		"W7/rbac_via_org in 1.20 µs or less":                              {held, "1.15 µs (1.07 µs to 1.23 µs)"},
		"100,000 facts in 50 MB or less":                                  {notHeld, "60 MB resident, 40 MB in use"},
		"W7 allocates 0 times or less":                                    {notHeld, "2"},
		"facts & more: steps grow no faster than n^0.1":                   {held, "n^0.00; time n^0.15"},
	} {
		if got := seen[text]; got.Held != want.held || got.Seen != want.seen {
			t.Errorf("%s: got %v, %q, want %v, %q", text, got.Held, got.Seen, want.held, want.seen)
		}
	}
}

func TestReportsTellWhatWasNotMeasured(t *testing.T) {
	r := sample()
	for name, text := range map[string]string{"markdown": r.markdown(r.targets()), "terminal": r.terminal(r.targets())} {
		for _, want := range []string{"swipl is not <installed>", "failed", "NOT HELD", "not measured", "abc"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
	}
	for _, want := range []string{"| W1/lit1 | 115 ns | 3.15 (3.08–3.23) | 4.00 (3.67–4.12) ¹ |", "casbin on W1/lit1: it is given <less>", "cedar-go on W7/rbac_via_org: W7: allow gave false"} {
		if text := r.markdown(r.targets()); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestPicturesAreWellFormed(t *testing.T) {
	r := sample()
	for name, text := range map[string]string{"ratios": r.ratiosPicture(), "growth": r.growthPicture()} {
		d := xml.NewDecoder(strings.NewReader(text))
		elements := 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			if _, ok := token.(xml.StartElement); ok {
				elements++
			}
		}
		if elements < 20 || strings.Contains(text, "NaN") || strings.Contains(text, "Inf\"") {
			t.Errorf("%s: %d elements\n%s", name, elements, text)
		}
	}
}
