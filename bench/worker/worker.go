package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/cputime"
)

// Reply answers a command. Zero fields are left out.
type Reply struct {
	Error   string `json:"error,omitempty"`  // it did not work, or the answer was wrong
	Cannot  string `json:"cannot,omitempty"` // the engine cannot express the problem, and why
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	Easier  string `json:"easier,omitempty"` // how the form of the problem that the engine is given is easier than the problem
	CPU     int64  `json:"cpu,omitempty"`    // ns of processor time of all threads
	Wall    int64  `json:"wall,omitempty"`   // ns
	Allocs  uint64 `json:"allocs,omitempty"`
	Bytes   uint64 `json:"bytes,omitempty"` // allocated
	Heap    uint64 `json:"heap,omitempty"`  // bytes in use after a collection
	RSS     uint64 `json:"rss,omitempty"`   // bytes the system counts as resident
}

// Engine prepares problems. It is used by one goroutine.
type Engine interface {
	Version() string
	// Prepare loads what the problem needs. Cannot makes the error for what the engine has no way to say.
	Prepare(p *bench.Problem) (*Job, error)
}

// Job is a problem an engine is ready for.
type Job struct {
	Run    func(n int) error // asks n times; safe for several goroutines if Parallel
	Check  func() error      // asks once and compares the answer
	Easier string            // see Reply
	Serial bool              // Run is for one goroutine at a time
}

// cannot is the error of a problem an engine cannot express.
type cannot struct{ why string }

func (c cannot) Error() string { return c.why }

// Cannot returns the error for a problem that an engine cannot express.
func Cannot(why string, args ...any) error { return cannot{fmt.Sprintf(why, args...)} }

// IsCannot reports whether an error is one of Cannot, and why.
func IsCannot(err error) (why string, ok bool) {
	var no cannot
	ok = errors.As(err, &no)
	return no.why, ok
}

// Serve answers commands until in ends.
func Serve(name string, e Engine, in io.Reader, out io.Writer) error {
	s := server{name: name, engine: e}
	lines := bufio.NewScanner(in)
	enc := json.NewEncoder(out)
	for lines.Scan() {
		if err := enc.Encode(s.answer(strings.Fields(lines.Text()))); err != nil {
			return err
		}
	}
	return lines.Err()
}

// Main serves standard input and output with the engine that the first argument names, and ends the process.
func Main(engines map[string]Engine) {
	if len(os.Args) != 2 || engines[os.Args[1]] == nil {
		fmt.Fprintf(os.Stderr, "usage: %s ENGINE\n", os.Args[0])
		os.Exit(2)
	}
	if err := Serve(os.Args[1], engines[os.Args[1]], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type server struct {
	name   string
	engine Engine
	job    *Job
}

func (s *server) answer(command []string) Reply {
	r, err := s.do(command)
	if why, no := IsCannot(err); no {
		r.Cannot = why
	} else if err != nil {
		r.Error = err.Error()
	}
	return r
}

func (s *server) do(command []string) (Reply, error) {
	if len(command) == 0 {
		return Reply{}, errors.New("an empty command")
	}
	numbers := make([]int, 0, 2)
	for _, arg := range command[1:] {
		if n, err := strconv.Atoi(arg); err == nil {
			numbers = append(numbers, n)
		}
	}
	switch verb := command[0]; {
	case verb == "hello":
		return Reply{Name: s.name, Version: s.engine.Version()}, nil
	case verb == "prepare" && len(command) > 1:
		return s.prepare(command[1])
	case verb == "memory":
		return memory()
	case s.job == nil:
		return Reply{}, fmt.Errorf("%s: nothing is prepared", verb)
	case verb == "check":
		return Reply{}, s.job.Check()
	case verb == "run" && len(numbers) == 1:
		return timed(func() error { return s.job.Run(numbers[0]) })
	case verb == "parallel" && len(numbers) == 2:
		if s.job.Serial {
			return Reply{}, Cannot("not from several goroutines")
		}
		return timed(func() error { return parallel(numbers[0], numbers[1], s.job.Run) })
	}
	return Reply{}, fmt.Errorf("unknown command %q", command)
}

// prepare replaces the job, and collects what is left of the one before.
func (s *server) prepare(id string) (Reply, error) {
	s.job = nil
	p := bench.Find(id)
	if p == nil {
		return Reply{}, fmt.Errorf("no problem %s", id)
	}
	job, err := s.engine.Prepare(p)
	if err != nil {
		return Reply{}, err
	}
	if err := job.Check(); err != nil {
		return Reply{}, err
	}
	s.job = job
	runtime.GC()
	return Reply{Easier: job.Easier}, nil
}

func timed(do func() error) (Reply, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, cpu := time.Now(), cputime.Now()
	err := do()
	used, wall := cputime.Now()-cpu, time.Since(start)
	runtime.ReadMemStats(&after)
	return Reply{CPU: int64(used), Wall: int64(wall), Allocs: after.Mallocs - before.Mallocs, Bytes: after.TotalAlloc - before.TotalAlloc}, err
}

func parallel(goroutines, n int, run func(n int) error) error {
	var group sync.WaitGroup
	errs := make([]error, goroutines)
	for i := range goroutines {
		group.Go(func() { errs[i] = run(n) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// memory tells what the process holds after a collection. The system's figure is missing where there is no /proc.
func memory() (Reply, error) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r := Reply{Heap: m.HeapAlloc}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := strings.Fields(string(text)); len(f) > 1 {
			pages, _ := strconv.ParseUint(f[1], 10, 64)
			r.RSS = pages * uint64(os.Getpagesize())
		}
	}
	return r, nil
}
