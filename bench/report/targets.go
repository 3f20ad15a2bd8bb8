package main

import (
	"fmt"
	"math"
	"strings"
)

// target is something Goso is meant to reach.
type target struct {
	Group string
	Text  string
	Held  verdict
	Seen  string // the figures that decide it
}

type verdict int

// Verdicts on targets. What was not measured is neither held nor not.
const (
	notMeasured verdict = iota
	held
	notHeld
)

func (v verdict) String() string { return [...]string{"not measured", "held", "NOT HELD"}[v] }

// queries are the workloads that ask questions.
var queries = []string{"W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11", "W12", "W13", "W14", "W15", "W16", "W17", "W18", "W19", "W20", "W21"}

// targets judges the report. A ratio is held where its lower quartile meets the target, a time where its median does.
func (r *Report) targets() []target {
	var all []target
	add := func(t target) { all = append(all, t) }

	const reference = "1. the reference engine"
	add(r.ratio(reference, "oso-wasm", 100, queries))
	add(r.ratio(reference, "oso-js", 100, queries))
	add(r.ratio(reference, "go-oso", 100, queries))

	const peers = "2. peers on their own ground"
	add(r.ratio(peers, "cedar", 3, []string{"W1", "W2"}))
	add(r.ratio(peers, "cedar", 1.5, []string{"W6", "W7", "W8", "W11"}))
	add(r.ratio(peers, "cel", 1.5, []string{"W11"}))
	add(r.ratio(peers, "expr", 1.5, []string{"W11"}))
	add(r.ratio(peers, "opa-map", 20, queries))
	add(r.ratio(peers, "opa-parsed", 20, queries))
	add(r.ratio(peers, "casbin", 4, []string{"W1", "W2", "W3", "W4", "W6", "W7", "W8", "W11"}))

	const prolog = "3. Prolog"
	add(r.ratio(prolog, "swi", 1, []string{"W19/nrev/n=30", "W20/fib/n=20", "W20/queens/n=8"}))

	const times = "4. times"
	for _, t := range []struct {
		id  string
		max float64 // ns
	}{
		{"W1/lit1", 150}, {"W6/rbac_direct", 500}, {"W7/rbac_via_org", 1200}, {"W8/rbac_deny", 900}, {"W9/role_chain/n=10", 2000},
		{"W10/folder/n=10", 2000}, {"W11/abac5", 350}, {"W12/rebac_groups", 15e3}, {"W13/deny_200", 350}, {"W13/hit_200", 350},
		{"W14/routes_200", 600}, {"W16/in_host_1000", 2000}, {"W21/data_filter", 30e3}, {"W24/load/n=1000", 3e6},
		{"W24/load/n=50000", 200e6}, {"W24/load_facts/n=100000", 150e6},
	} {
		add(r.time(times, t.id, t.max))
	}
	add(r.resident(times, 50<<20))

	const allocations = "5. allocations"
	for _, w := range queries[:18] {
		most := 0.0
		if w == "W5" {
			most = 4
		}
		add(r.allocations(allocations, w, most))
	}
	const growth = "6. growth"
	for i := range r.Growth {
		add(r.growth(growth, &r.Growth[i]))
	}
	return all
}

// of reports whether a problem is one of those that workloads or IDs name.
func of(id string, names []string) bool {
	for _, name := range names {
		if id == name || strings.HasPrefix(id, name+"/") {
			return true
		}
	}
	return false
}

// ratio judges that a contestant takes so many times as long as Goso on each of the problems it can answer.
func (r *Report) ratio(group, key string, least float64, names []string) target {
	c := r.contestant(key)
	where := strings.Join(names, ", ")
	if len(names) == len(queries) {
		where = "W1 to W21"
	}
	t := target{Group: group, Text: fmt.Sprintf("≥ %g × %s on %s", least, c.Name, where)}
	lowest, at := math.Inf(1), ""
	var below []string
	problems := 0
	for _, p := range r.Problems {
		e := p.Entries[key]
		if !of(p.ID, names) || !e.ran() {
			continue
		}
		problems++
		q1, _, _ := quartiles(e.Ratios)
		if q1 < lowest {
			lowest, at = q1, p.ID
		}
		if q1 < least {
			below = append(below, fmt.Sprintf("%s %s", p.ID, times(q1)))
		}
	}
	switch {
	case problems == 0:
		t.Seen = c.NotRun
	case len(below) == 0:
		t.Held, t.Seen = held, fmt.Sprintf("lowest of %d: %s on %s", problems, times(lowest), at)
	default:
		t.Held, t.Seen = notHeld, fmt.Sprintf("%d of %d are below: %s", len(below), problems, strings.Join(below, ", "))
	}
	return t
}

func (r *Report) time(group, id string, most float64) target {
	t := target{Group: group, Text: fmt.Sprintf("%s in %s or less", id, duration(most))}
	p := r.find(id)
	if p == nil || !p.Entries[ours].ran() {
		return t
	}
	q1, m, q3 := quartiles(p.Entries[ours].Times)
	t.Held, t.Seen = judge(m <= most), fmt.Sprintf("%s (%s to %s)", duration(m), duration(q1), duration(q3))
	return t
}

func (r *Report) resident(group string, most uint64) target {
	t := target{Group: group, Text: fmt.Sprintf("100,000 facts in %s or less", bytesText(most))}
	for _, m := range r.Memory {
		if m.Contestant == ours {
			t.Held, t.Seen = judge(m.Resident <= most), fmt.Sprintf("%s resident, %s in use", bytesText(m.Resident), bytesText(m.Heap))
		}
	}
	return t
}

func (r *Report) allocations(group, workload string, most float64) target {
	t := target{Group: group, Text: fmt.Sprintf("%s allocates %g times or less", workload, most)}
	highest := -1.0
	for _, p := range r.Problems {
		if of(p.ID, []string{workload}) && p.Entries[ours].ran() {
			highest = max(highest, p.Entries[ours].Allocs)
		}
	}
	if highest >= 0 {
		t.Held, t.Seen = judge(highest <= most), fmt.Sprintf("%g", highest)
	}
	return t
}

func (r *Report) growth(group string, s *Series) target {
	what := "steps"
	fitted := s.countSlope()
	if s.Timed {
		what, fitted = "time", s.timeSlope(ours)
	}
	t := target{Group: group, Text: fmt.Sprintf("%s: %s grow no faster than n^%g", s.What, what, s.Bound)}
	if s.Timed {
		t.Text = strings.Replace(t.Text, "time grow", "time grows", 1)
	}
	if len(s.Points) < 2 || math.IsNaN(fitted) {
		return t
	}
	t.Held, t.Seen = judge(fitted <= s.Bound), fmt.Sprintf("n^%s; time n^%s", slopeText(fitted), slopeText(s.timeSlope(ours)))
	return t
}

func judge(ok bool) verdict {
	if ok {
		return held
	}
	return notHeld
}

// times writes a factor with three digits.
func times(f float64) string { return digits(f) + "×" }

// digits writes a number with two or three digits, and thousands in groups.
func digits(f float64) string {
	switch {
	case math.IsNaN(f):
		return "–"
	case f >= 1000:
		rounded := math.Pow(10, math.Floor(math.Log10(f))-2)
		text := fmt.Sprintf("%.0f", math.Round(f/rounded)*rounded)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
		return text
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	default:
		return fmt.Sprintf("%.2f", f)
	}
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	unit := "ns"
	for _, larger := range []string{"µs", "ms", "s"} {
		if ns < 1000 {
			break
		}
		ns, unit = ns/1000, larger
	}
	text := digits(ns)
	if unit == "ns" {
		text = fmt.Sprintf("%.3g", ns)
	}
	return text + " " + unit
}

// bytesText writes bytes.
func bytesText(n uint64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.3g MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.3g kB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
