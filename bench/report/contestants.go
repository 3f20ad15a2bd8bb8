package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goso-project/goso/bench/worker"
)

// ours is the key of Goso.
const ours = "goso"

// Families of contestants.
const (
	familyOurs      = "ours"
	familyFloor     = "floor"
	familyReference = "reference"
	familyPeer      = "peer"
	familyProlog    = "prolog"
)

// entrant is a contestant before it is known whether it can run here.
type entrant struct {
	key, name, family string
	// build makes the program and returns the command that starts it, or why there is none.
	build func(b builder) ([]string, error)
	// warm is the processor time it runs before it is measured, for compilers that work while the program runs.
	warm time.Duration
	// tick is how coarse the clock is that it can read.
	tick time.Duration
}

var entrants = []entrant{
	{key: ours, name: "Goso", family: familyOurs, build: builder.ours},
	{key: "floor", name: "Go by hand", family: familyFloor, build: builder.ours},
	{key: "oso-wasm", name: "Oso, engine (wasm)", family: familyReference, build: builder.node, warm: 400 * time.Millisecond},
	{key: "oso-js", name: "Oso, Node library", family: familyReference, build: builder.node, warm: 400 * time.Millisecond},
	{key: "go-oso", name: "go-oso (cgo)", family: familyReference, build: builder.gooso},
	{key: "cedar", name: "cedar-go", family: familyPeer, build: builder.peers},
	{key: "casbin", name: "casbin", family: familyPeer, build: builder.peers},
	{key: "opa-map", name: "OPA, map input", family: familyPeer, build: builder.peers},
	{key: "opa-parsed", name: "OPA, parsed input", family: familyPeer, build: builder.peers},
	{key: "cel", name: "cel-go", family: familyPeer, build: builder.peers},
	{key: "expr", name: "expr", family: familyPeer, build: builder.peers},
	{key: "swi", name: "SWI-Prolog", family: familyProlog, build: builder.swi},
	{key: "swi-O", name: "SWI-Prolog -O", family: familyProlog, build: builder.swi},
	{key: "gnu", name: "GNU Prolog, native", family: familyProlog, build: builder.gnu, tick: time.Millisecond},
}

// builder makes the programs of contestants in the directory of the module.
type builder struct {
	key string
	bin string // directory for programs
}

// goProgram builds a worker written in Go, of a package or a module in dir.
func (b builder) goProgram(dir string, env ...string) ([]string, error) {
	path := filepath.Join(b.bin, dir)
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	return []string{path, b.key}, runQuietly(cmd)
}

func (b builder) ours() ([]string, error)  { return b.goProgram("ours") }
func (b builder) peers() ([]string, error) { return b.goProgram("peers") }

func (b builder) gooso() ([]string, error) {
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(strings.TrimSpace(string(cc))); err != nil {
		return nil, errors.New("there is no C compiler, which cgo needs")
	}
	return b.goProgram("gooso", "CGO_ENABLED=1")
}

func (b builder) node() ([]string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, errors.New("there is no node")
	}
	if _, err := os.Stat("node/node_modules/oso"); err != nil {
		cmd := exec.Command("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
		cmd.Dir = "node"
		if err := runQuietly(cmd); err != nil {
			return nil, fmt.Errorf("npm could not install it: %w", err)
		}
	}
	return []string{"node", "node/worker.cjs", b.key}, nil
}

func (b builder) swi() ([]string, error) {
	if _, err := exec.LookPath("swipl"); err != nil {
		return nil, errors.New("swipl is not installed")
	}
	if b.key == "swi-O" {
		return []string{"swipl", "-O", "prolog/swi.pl"}, nil
	}
	return []string{"swipl", "prolog/swi.pl"}, nil
}

func (b builder) gnu() ([]string, error) {
	if _, err := exec.LookPath("gplc"); err != nil {
		return nil, errors.New("gplc is not installed")
	}
	path, err := filepath.Abs(filepath.Join(b.bin, "gnu"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("gplc", "--no-top-level", "-o", path, "gnu.pl")
	cmd.Dir = "prolog"
	return []string{path}, runQuietly(cmd)
}

// runQuietly runs a command; the error has the last line it wrote.
func runQuietly(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if lines := bytes.Split(bytes.TrimSpace(out), []byte("\n")); len(lines[len(lines)-1]) > 0 {
		return fmt.Errorf("%s", lines[len(lines)-1])
	}
	return err
}

// runner is a contestant that can run here.
type runner struct {
	entrant
	command []string
	client  *worker.Client
}

// start starts the worker's process anew, with so many processors for those that obey.
func (r *runner) start(processors int) error {
	r.stop()
	cmd := exec.Command(r.command[0], r.command[1:]...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", processors), "POLAR_IGNORE_NO_ALLOW_WARNING=1",
		"POLAR_TIMEOUT_MS=10000") // the reference engine's own default is half a minute
	client, err := worker.Start(cmd)
	if err != nil {
		return err
	}
	r.client = client
	return nil
}

// stop ends the worker's process.
func (r *runner) stop() {
	if r.client != nil {
		r.client.Close()
		r.client = nil
	}
}

// enter builds those contestants that can run here. The others say why not.
func enter(o options) ([]*runner, []Contestant, error) {
	bin, err := filepath.Abs(filepath.Join(o.out, "bin"))
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, nil, err
	}
	var runners []*runner
	var all []Contestant
	for _, e := range entrants {
		c := Contestant{Key: e.key, Name: e.name, Family: e.family}
		r := &runner{entrant: e}
		switch {
		case o.quick && e.family != familyOurs && e.family != familyFloor:
			c.NotRun = "not part of the quick measurement"
		case len(o.contestants) > 0 && e.key != ours && !slices.Contains(o.contestants, e.key):
			c.NotRun = "not asked for"
		default:
			if err := r.prepare(bin, &c); err != nil {
				if e.family == familyOurs {
					return nil, nil, err
				}
				c.NotRun = err.Error()
			} else {
				runners = append(runners, r)
			}
		}
		all = append(all, c)
	}
	return runners, all, nil
}

// prepare builds, starts and greets a contestant.
func (r *runner) prepare(bin string, c *Contestant) error {
	var err error
	if r.command, err = r.build(builder{r.key, bin}); err != nil {
		return err
	}
	if err := r.start(1); err != nil {
		return err
	}
	hello, err := r.client.Do(30*time.Second, "hello")
	c.Version = hello.Version
	return err
}
