package main

import (
	"runtime"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

func main() {
	worker.Main(map[string]worker.Engine{"goso": goso{}, "floor": floor{}})
}

type goso struct{}

func (goso) Version() string { return "this commit" }

func (goso) Prepare(p *bench.Problem) (*worker.Job, error) {
	q, err := bench.NewQuestion(p)
	if err != nil {
		return nil, err
	}
	return &worker.Job{Run: q.Run, Check: q.Check, Serial: p.Load}, nil
}

type floor struct{}

func (floor) Version() string { return runtime.Version() }

func (floor) Prepare(p *bench.Problem) (*worker.Job, error) {
	f := bench.NewFloor(p)
	if f == nil {
		return nil, worker.Cannot("no floor")
	}
	return &worker.Job{Run: f.Run, Check: func() error { return f.Check(p) }}, nil
}
