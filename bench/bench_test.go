package bench

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	// Half of the policies have no allow rule on purpose.
	os.Setenv("POLAR_IGNORE_NO_ALLOW_WARNING", "1")
	os.Exit(m.Run())
}

func TestAnswers(t *testing.T) {
	for _, w := range Workloads {
		for _, c := range w.Cases {
			t.Run(w.ID+"/"+c.Name, func(t *testing.T) {
				q, err := c.Make()
				if err != nil {
					t.Fatal(err)
				}
				for range 2 { // the second time on a used machine
					if err := q.Check(); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
	for _, n := range Loads {
		t.Run(fmt.Sprintf("W24/load/n=%d", n), func(t *testing.T) {
			l, err := NewLoader(n)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Check(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// run measures the cases of one workload.
func run(b *testing.B, id string) {
	for _, w := range Workloads {
		if w.ID != id {
			continue
		}
		for _, c := range w.Cases {
			b.Run(c.Name, func(b *testing.B) { measure(b, c) })
		}
		return
	}
	b.Fatalf("no workload %s", id)
}

func measure(b *testing.B, c Case) {
	q, err := c.Make()
	if err != nil {
		b.Fatal(err)
	}
	if err := q.Check(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var from time.Duration
	if q.read == "" || q.decided {
		for b.Loop() {
			if from == 0 {
				from = cpuTime()
			}
			if _, err := q.Decide(); err != nil {
				b.Fatal(err)
			}
		}
	} else {
		for b.Loop() {
			if from == 0 {
				from = cpuTime()
			}
			if _, err := q.List(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(cpuTime()-from)/float64(b.N), "cpu-ns/op")
	if err := q.Check(); err != nil {
		b.Fatal("after the loop: ", err)
	}
}

func BenchmarkW1(b *testing.B)  { run(b, "W1") }
func BenchmarkW2(b *testing.B)  { run(b, "W2") }
func BenchmarkW3(b *testing.B)  { run(b, "W3") }
func BenchmarkW4(b *testing.B)  { run(b, "W4") }
func BenchmarkW5(b *testing.B)  { run(b, "W5") }
func BenchmarkW6(b *testing.B)  { run(b, "W6") }
func BenchmarkW7(b *testing.B)  { run(b, "W7") }
func BenchmarkW8(b *testing.B)  { run(b, "W8") }
func BenchmarkW9(b *testing.B)  { run(b, "W9") }
func BenchmarkW10(b *testing.B) { run(b, "W10") }
func BenchmarkW11(b *testing.B) { run(b, "W11") }
func BenchmarkW12(b *testing.B) { run(b, "W12") }
func BenchmarkW13(b *testing.B) { run(b, "W13") }
func BenchmarkW14(b *testing.B) { run(b, "W14") }
func BenchmarkW15(b *testing.B) { run(b, "W15") }
func BenchmarkW16(b *testing.B) { run(b, "W16") }
func BenchmarkW17(b *testing.B) { run(b, "W17") }
func BenchmarkW18(b *testing.B) { run(b, "W18") }
func BenchmarkW19(b *testing.B) { run(b, "W19") }
func BenchmarkW20(b *testing.B) { run(b, "W20") }

// BenchmarkW24 loads: from text to ready.
func BenchmarkW24(b *testing.B) {
	for _, n := range Loads {
		b.Run(fmt.Sprintf("load/n=%d", n), func(b *testing.B) {
			l, err := NewLoader(n)
			if err != nil {
				b.Fatal(err)
			}
			if err := l.Check(); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := l.Load(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
