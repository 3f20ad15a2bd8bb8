package bench

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/bench/cputime"
)

// ready are questions that several tests ask: loading 100,000 facts takes a while.
var ready = map[string]*Question{}

func question(tb testing.TB, p *Problem) *Question {
	if q := ready[p.ID]; q != nil {
		return q
	}
	q, err := NewQuestion(p)
	if err != nil {
		tb.Fatal(err)
	}
	ready[p.ID] = q
	return q
}

func TestAnswers(t *testing.T) {
	for _, c := range Problems() {
		t.Run(c.Name, func(t *testing.T) { answersTwice(t, c.Make()) })
	}
	for _, s := range Growth {
		for _, n := range s.Sizes[:2] {
			c := s.Case(n)
			t.Run(c.Name, func(t *testing.T) { answersTwice(t, c.Make()) })
		}
	}
}

// answersTwice asks on a fresh machine and on a used one.
func answersTwice(t *testing.T, p *Problem) {
	q := question(t, p)
	times := 2
	if p.Load {
		times = 1 // there is no machine, only time
	}
	for range times {
		if err := q.Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// Who measures refuses answers that are wrong, so that has to work.
func TestWrongAnswersAreRefused(t *testing.T) {
	for _, test := range []struct {
		id    string
		wrong any
	}{
		{"W1/lit1", false},
		{"W5/fact_free1/n=1000", []any{"d000501"}},
		{"W5/fact_free1/n=1000", []any{"d000500", "d000500"}},
		{"W5/fact_free1/n=1000", []any(nil)},
		{"W20/fib/n=10", []any{88}},
		{"W20/queens/n=6", []any{[]any{2, 4, 6, 1, 3, 5}}},
		{"W21/data_filter", []any{"_this.Id = 1", "_this.Id = 2"}},
	} {
		if Find(test.id).Verify(test.wrong) == nil {
			t.Errorf("%s: the answer %v is taken as right", test.id, test.wrong)
		}
	}
	if err := Find("W20/fib/n=10").Verify([]any{int64(89)}); err != nil {
		t.Error(err)
	}
}

// run measures the problems of one workload.
func run(b *testing.B, id string) {
	for _, w := range Workloads {
		if w.ID == id {
			for _, c := range w.Cases {
				b.Run(c.Name, func(b *testing.B) { measure(b, named(w.ID+"/"+c.Name, c.Make).Make()) })
			}
			return
		}
	}
	b.Fatalf("no workload %s", id)
}

func measure(b *testing.B, p *Problem) {
	q := question(b, p)
	if err := q.Check(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var from time.Duration
	for b.Loop() {
		if from == 0 {
			from = cputime.Now()
		}
		if err := q.Run(1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cputime.Now()-from)/float64(b.N), "cpu-ns/op")
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
func BenchmarkW21(b *testing.B) { run(b, "W21") }
func BenchmarkW24(b *testing.B) { run(b, "W24") }

func TestFloorsAnswerAlike(t *testing.T) {
	for _, c := range Problems() {
		t.Run(c.Name, func(t *testing.T) {
			p := c.Make()
			f := NewFloor(p)
			if f == nil {
				if !p.Load {
					t.Error("no floor")
				}
				return
			}
			if err := f.Check(p); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProblemsAsJSON(t *testing.T) {
	got, err := json.Marshal(Find("W21/data_filter"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"id":"W21/data_filter"`, `"rule":"readable"`, `"read":"repo"`, `"partial":true`, `"want":[1,2,3,11,22,33]`,
		`{"name":"Repo","one":{"Org":{"Other":"Org","My":"OrgId","Their":"Id"}}}`, `{"$variable":"repo"}`,
		`{"$class":"","fields":{"OrgId":1,"Role":"member"}}`, `"args":[{"$class":"User","fields":{`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
