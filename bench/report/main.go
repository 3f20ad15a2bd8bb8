package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	var o options
	flag.BoolVar(&o.quick, "quick", false, "Goso and the floor only, the smaller problems, short batches")
	flag.IntVar(&o.rounds, "rounds", 9, "rounds for each problem")
	flag.DurationVar(&o.batch, "batch", 40*time.Millisecond, "processor time of one contestant in one round")
	only := flag.String("only", "", "`regexp` of the problems to measure; growth series are W25/NAME")
	contestants := flag.String("contestants", "", "comma-separated `keys` of the contestants beside Goso; all if empty")
	flag.StringVar(&o.out, "out", "out", "directory for the report")
	from := flag.String("from", "", "write the report again from this report.json, measuring nothing")
	check := flag.Bool("check", false, "fail unless all targets are held")
	flag.Parse()
	if *contestants != "" {
		o.contestants = strings.Split(*contestants, ",")
	}
	held, err := run(o, *only, *from)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	case *check && !held:
		os.Exit(1)
	}
}

// options say what is measured, and how long.
type options struct {
	quick       bool
	rounds      int
	batch       time.Duration
	only        *regexp.Regexp
	contestants []string
	out         string
}

// run measures, or reads what was measured, and writes the report. It tells whether all targets are held.
func run(o options, only, from string) (bool, error) {
	var err error
	if o.only, err = regexp.Compile(only); err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Join(o.out, "cases"), 0o755); err != nil {
		return false, err
	}
	var r *Report
	if from != "" {
		r = &Report{}
		text, err := os.ReadFile(from)
		if err != nil {
			return false, err
		}
		if err := json.Unmarshal(text, r); err != nil {
			return false, err
		}
	} else if r, err = measure(o); err != nil {
		return false, err
	}
	return r.write(o.out)
}

// write writes the report in all its forms.
func (r *Report) write(dir string) (bool, error) {
	targets := r.targets()
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return false, err
	}
	files := map[string][]byte{
		"report.json": append(data, '\n'),
		"report.md":   []byte(r.markdown(targets)),
		"ratios.svg":  []byte(r.ratiosPicture()),
		"growth.svg":  []byte(r.growthPicture()),
	}
	for name, text := range files {
		if len(text) == 0 {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return false, err
		}
	}
	fmt.Print(r.terminal(targets))
	held := true
	for _, t := range targets {
		held = held && t.Held != notHeld
	}
	return held, nil
}
