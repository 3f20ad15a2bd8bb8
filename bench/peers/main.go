package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

func main() {
	worker.Main(map[string]worker.Engine{
		"cedar":      engine{"github.com/cedar-policy/cedar-go", cedarJob},
		"casbin":     engine{"github.com/casbin/casbin/v2", casbinJob},
		"opa-map":    engine{"github.com/open-policy-agent/opa", opaMapJob},
		"opa-parsed": engine{"github.com/open-policy-agent/opa", opaParsedJob},
		"cel":        engine{"cel.dev/cel-go", celJob},
		"expr":       engine{"github.com/expr-lang/expr", exprJob},
	})
}

// engine makes jobs with the library of one module.
type engine struct {
	module  string
	prepare func(p *bench.Problem) (*worker.Job, error)
}

// Version is that of the module this program was built with.
func (e engine) Version() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, m := range info.Deps {
			if m.Path == e.module {
				return m.Version
			}
		}
	}
	return "unknown"
}

func (e engine) Prepare(p *bench.Problem) (*worker.Job, error) { return e.prepare(p) }

// kind returns the part of a problem's ID that names it, without its workload and its size.
func kind(p *bench.Problem) string { return strings.Split(p.ID, "/")[1] }

// errNoForm is the error for problems an engine has no form for.
func errNoForm(p *bench.Problem) error {
	switch kind(p) {
	case "nrev", "nrev_read", "fib", "queens":
		return worker.Cannot("no general recursion")
	case "fact_free1":
		return worker.Cannot("answers yes or no, lists nothing")
	case "data_filter":
		return worker.Cannot("no partial evaluation")
	}
	return worker.Cannot("no form written for it")
}

// decision returns the job of a question with a yes or no answer.
func decision(p *bench.Problem, easier string, ask func() (bool, error)) *worker.Job {
	return &worker.Job{
		Run: func(n int) error {
			for range n {
				if _, err := ask(); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			answer, err := ask()
			if err != nil {
				return err
			}
			return p.Verify(answer)
		},
		Easier: easier,
	}
}

// facts returns the arguments of the facts that a policy consists of.
func facts(policy string) [][]string {
	var all [][]string
	for line := range strings.Lines(policy) {
		f := strings.Split(line, `"`)
		var args []string
		for i := 1; i < len(f); i += 2 {
			args = append(args, f[i])
		}
		all = append(all, args)
	}
	return all
}

// numbered writes n texts one after the other.
func numbered(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, text(i))
	}
	return b.String()
}
