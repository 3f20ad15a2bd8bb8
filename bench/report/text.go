package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"
	"time"
)

// shown are the contestants that have at least one figure, in their order.
func (r *Report) shown() []Contestant {
	var all []Contestant
	for _, c := range r.Contestants {
		for _, p := range r.Problems {
			if p.Entries[c.Key].ran() {
				all = append(all, c)
				break
			}
		}
	}
	return all
}

// columns are the contestants but Goso.
func (r *Report) columns() []Contestant {
	var all []Contestant
	for _, c := range r.shown() {
		if c.Key != ours {
			all = append(all, c)
		}
	}
	return all
}

func (r *Report) head() []string {
	return []string{
		fmt.Sprintf("%s, commit %s, %s, %s", r.Date.UTC().Format(time.DateTime+" MST"), r.Commit, r.Go, r.Machine),
		fmt.Sprintf("%d rounds, contestants in turn, batches of %v of processor time; it took %v", r.Rounds, r.Batch, r.Took),
	}
}

// terminal is the report as a table of ratios, and what became of the targets.
func (r *Report) terminal(targets []target) string {
	var b strings.Builder
	for _, line := range r.head() {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintln(&b, "How many times as long as Goso, medians:")
	fmt.Fprintln(&b)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "problem\tGoso\t")
	for _, c := range r.columns() {
		fmt.Fprint(w, c.Key, "\t")
	}
	fmt.Fprintln(w, "allocs\t")
	for _, p := range r.Problems {
		fmt.Fprintf(w, "%s\t%s\t", p.ID, duration(median(p.Entries[ours].Times)))
		for _, c := range r.columns() {
			text := "·"
			switch e := p.Entries[c.Key]; {
			case e.ran():
				text = digits(median(e.Ratios))
			case e != nil && e.Failed != "":
				text = "failed"
			}
			fmt.Fprint(w, text, "\t")
		}
		fmt.Fprintf(w, "%g\t\n", p.Entries[ours].Allocs)
	}
	w.Flush()
	fmt.Fprintln(&b)
	for _, c := range r.Contestants {
		if c.NotRun != "" {
			fmt.Fprintf(&b, "not run: %s: %s\n", c.Name, c.NotRun)
		}
	}
	group := ""
	for _, t := range targets {
		if t.Group != group {
			group = t.Group
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		fmt.Fprintf(&b, "  %-12s  %s", t.Held, t.Text)
		if t.Seen != "" {
			fmt.Fprintf(&b, ": %s", t.Seen)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// markdown is the whole report.
func (r *Report) markdown(targets []target) string {
	var b strings.Builder
	b.WriteString("# Goso beside its peers\n\n")
	for _, line := range r.head() {
		fmt.Fprintf(&b, "%s.\n", line)
	}
	b.WriteString("\nWhat is measured, how, and how it can mislead: README.md in `bench/`.\n")
	r.contestantsTable(&b)
	r.ratiosTable(&b)
	r.timesTable(&b)
	r.allocationsTable(&b)
	r.parallelTable(&b)
	r.memoryTable(&b)
	r.growthTable(&b)
	targetsTable(&b, targets)
	return b.String()
}

// row writes a row of a table.
func row(b *strings.Builder, cells ...string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// table writes the head of a table whose columns but the first are numbers.
func table(b *strings.Builder, heads ...string) {
	row(b, heads...)
	b.WriteString("| ---" + strings.Repeat(" | --:", len(heads)-1) + " |\n")
}

// texts writes the head of a table of texts.
func texts(b *strings.Builder, heads ...string) {
	row(b, heads...)
	b.WriteString(strings.Repeat("| --- ", len(heads)) + "|\n")
}

func (r *Report) contestantsTable(b *strings.Builder) {
	b.WriteString("\n## Contestants\n\n")
	texts(b, "contestant", "version", "not run because")
	for _, c := range r.Contestants {
		row(b, c.Name, c.Version, c.NotRun)
	}
}

func (r *Report) ratiosTable(b *strings.Builder) {
	if len(r.Problems) == 0 {
		return
	}
	b.WriteString("\n## How many times as long as Goso\n\n![ratios](ratios.svg)\n\n" +
		"Median of the rounds' ratios, and in brackets the quartiles. Below 1 the other is faster. ¹ marks forms that are easier than the problem.\n\n")
	heads := []string{"problem", "Goso"}
	for _, c := range r.columns() {
		heads = append(heads, c.Name)
	}
	table(b, heads...)
	easier := map[string]string{}
	var wrong []string
	for _, p := range r.Problems {
		cells := []string{p.ID, duration(median(p.Entries[ours].Times))}
		for _, c := range r.columns() {
			e := p.Entries[c.Key]
			cell := ""
			switch {
			case e.ran():
				q1, m, q3 := quartiles(e.Ratios)
				cell = fmt.Sprintf("%s (%s–%s)", digits(m), digits(q1), digits(q3))
				if e.Easier != "" {
					cell += " ¹"
					easier[c.Name+" on "+p.ID] = e.Easier
				}
			case e != nil && e.Failed != "":
				cell = "failed"
				wrong = append(wrong, fmt.Sprintf("%s on %s: %s", c.Name, p.ID, e.Failed))
			}
			cells = append(cells, cell)
		}
		row(b, cells...)
	}
	if len(easier) > 0 {
		b.WriteString("\n¹ Easier forms:\n\n")
		for _, p := range r.Problems {
			for _, c := range r.columns() {
				if text := easier[c.Name+" on "+p.ID]; text != "" {
					fmt.Fprintf(b, "- %s on %s: %s\n", c.Name, p.ID, text)
				}
			}
		}
	}
	if len(wrong) > 0 {
		b.WriteString("\nWrong answers, and none:\n\n")
		for _, text := range wrong {
			fmt.Fprintf(b, "- %s\n", strings.ReplaceAll(text, "\n", " "))
		}
	}
}

func (r *Report) timesTable(b *strings.Builder) {
	if len(r.Problems) == 0 {
		return
	}
	b.WriteString("\n## Times\n\nMedians of processor time per question. They are of this machine and this minute.\n\n")
	heads := []string{"problem"}
	for _, c := range r.shown() {
		heads = append(heads, c.Name)
	}
	table(b, heads...)
	for _, p := range r.Problems {
		cells := []string{p.ID}
		for _, c := range r.shown() {
			cell := ""
			if e := p.Entries[c.Key]; e.ran() {
				cell = duration(median(e.Times))
			}
			cells = append(cells, cell)
		}
		row(b, cells...)
	}
}

// allocationsTable has those contestants that are written in Go.
func (r *Report) allocationsTable(b *strings.Builder) {
	if len(r.Problems) == 0 {
		return
	}
	b.WriteString("\n## Allocations\n\nPer question, on the Go heap, and their bytes (W23). What go-oso's engine allocates outside of it is not in it.\n\n")
	var inGo []Contestant
	heads := []string{"problem"}
	for _, c := range r.shown() {
		if c.Family != familyProlog && c.Key != "oso-wasm" && c.Key != "oso-js" {
			inGo = append(inGo, c)
			heads = append(heads, c.Name)
		}
	}
	table(b, heads...)
	for _, p := range r.Problems {
		cells := []string{p.ID}
		for _, c := range inGo {
			cell := ""
			if e := p.Entries[c.Key]; e.ran() {
				cell = fmt.Sprintf("%.0f · %s", e.Allocs, bytesText(uint64(e.Bytes)))
				if e.Allocs == 0 {
					cell = "0"
				}
			}
			cells = append(cells, cell)
		}
		row(b, cells...)
	}
}

func (r *Report) parallelTable(b *strings.Builder) {
	if len(r.Parallel) == 0 {
		return
	}
	b.WriteString("\n## Two goroutines (W22)\n\nThroughput of two goroutines over that of one, and processor time per question, two over one: what it is more than 1 is contention. " +
		"The floor has none, so what it lacks to 2 the machine did not give.\n\n")
	table(b, "problem", "contestant", "throughput", "cost per question")
	for _, p := range r.Parallel {
		s1, s, s3 := quartiles(p.Speedup)
		c1, c, c3 := quartiles(p.Cost)
		row(b, p.ID, r.contestant(p.Contestant).Name, fmt.Sprintf("%.2f (%.2f–%.2f)", s, s1, s3), fmt.Sprintf("%.2f (%.2f–%.2f)", c, c1, c3))
	}
}

func (r *Report) memoryTable(b *strings.Builder) {
	if len(r.Memory) == 0 {
		return
	}
	b.WriteString("\n## Memory of 100,000 facts (W23)\n\nWhat a fresh process holds more after loading the policy of W2, and answering once, than before.\n\n")
	table(b, "contestant", "resident", "in use")
	for _, m := range r.Memory {
		if m.Failed != "" {
			row(b, r.contestant(m.Contestant).Name, "failed: "+m.Failed, "")
			continue
		}
		row(b, r.contestant(m.Contestant).Name, bytesText(m.Resident), bytesText(m.Heap))
	}
}

func (r *Report) growthTable(b *strings.Builder) {
	if len(r.Growth) == 0 {
		return
	}
	b.WriteString("\n## Growth (W25)\n\n![growth](growth.svg)\n\nThe slope of each curve on logarithmic axes: 0 is flat, 1 is linear. " +
		"Steps are calls; clauses, facts and list elements tried; clauses entered; choice points; requests to the host. They are the same everywhere. Slopes of times wander.\n\n")
	heads := []string{"what n is", "sizes", "may be", "steps"}
	var timed []Contestant
	for _, c := range r.Contestants {
		if c.NotRun == "" && (c.Key == ours || c.Family == familyReference && c.Key != "oso-js") {
			timed = append(timed, c)
			heads = append(heads, "time, "+c.Name)
		}
	}
	table(b, heads...)
	for _, s := range r.Growth {
		if len(s.Points) == 0 {
			continue
		}
		cells := []string{s.What, fmt.Sprintf("%d–%d", s.Points[0].N, s.Points[len(s.Points)-1].N), fmt.Sprint(s.Bound), slopeText(s.countSlope())}
		for _, c := range timed {
			cells = append(cells, slopeText(s.timeSlope(c.Key)))
		}
		row(b, cells...)
	}
	for _, s := range r.Growth {
		for _, p := range s.Points {
			for _, c := range timed {
				if why := p.Failed[c.Key]; why != "" {
					fmt.Fprintf(b, "\nNo time: %s, %s, n = %d: %s\n", c.Name, s.What, p.N, strings.ReplaceAll(why, "\n", " "))
				}
			}
		}
	}
}

func slopeText(s float64) string {
	if math.IsNaN(s) {
		return ""
	}
	return strings.Replace(fmt.Sprintf("%.2f", s), "-0.00", "0.00", 1)
}

func targetsTable(b *strings.Builder, targets []target) {
	b.WriteString("\n## Targets\n\nA ratio is held where its lower quartile meets the target, a time where its median does.\n\n")
	texts(b, "group", "target", "", "seen")
	for _, t := range targets {
		row(b, t.Group, t.Text, t.Held.String(), t.Seen)
	}
}
