package oso

import (
	"context"
	"encoding/json"
	stderrors "errors"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/replay"
)

// Recording is a decision with all it was made of: the policy, the classes, the constants, and what the query asked of
// application objects and was told. It can be kept as JSON and replayed in a program without those objects and types.
//
// Of an object it holds the name of its Go type and the fields and methods that the policy looked at, nothing else; but their
// values, and texts of errors, may be as confidential as the objects are. It is for one goroutine at a time.
type Recording struct {
	rec replay.Recording
}

// Record answers like QueryRuleOnceContext, and records how. The recording is nil if the query could not begin; it
// is there also when the query ended with an error. Lists and dictionaries are recorded whole: with very big ones (over a
// million values) recording is an error, and grants nothing.
func (o Oso) Record(ctx context.Context, rule string, args ...interface{}) (allowed bool, rec *Recording, err error) {
	c, err := o.ready()
	if err != nil {
		return false, nil, err
	}
	s := c.registry.Acquire()
	began := time.Now()
	allowed, rec, err = c.record(ctx, s, rule, args)
	err = c.publicIn(s, err)
	c.registry.Release(s)
	c.tell(orBackground(ctx), Outcome{Rule: rule, Args: args, Allowed: allowed, Err: err, Took: time.Since(began)})
	c.repanic(err)
	return allowed, rec, err
}

var errBeingReplaced = stderrors.New("the policy is being replaced")

func (c *core) record(ctx context.Context, s *host.Session, rule string, args []any) (bool, *Recording, error) {
	q, sources, err := c.queryAndSources(rule)
	if err != nil {
		return false, nil, err
	}
	defer q.Close()
	// What the machine reads without a question would be missing: a Recorder gives it nothing to read.
	r := replay.NewRecorder(c.hostOf(s), q.Registry(), sources, c.engine.RolesEnabled(), rule)
	for _, arg := range args {
		v, err := s.Value(arg)
		if err == nil {
			err = stderrors.Join(q.Arg(v), r.Arg(v))
		}
		if err != nil {
			return false, nil, err
		}
	}
	if err := r.Begin(); err != nil {
		return false, nil, err
	}
	q.StartWith(orBackground(ctx), r, c.setupOf(q))
	found, err := q.Next()
	if found && err == nil && s.Open() && q.Constrained() {
		err = checkBindings(s, q)
	}
	return found && err == nil, &Recording{*r.End(found, err)}, err
}

// queryAndSources returns a query and the sources of the policy it runs on.
func (c *core) queryAndSources(rule string) (*engine.Query, []*diag.Source, error) {
	for range 1000 {
		q := c.engine.Rule(rule)
		c.mu.Lock()
		sources := c.sources
		c.mu.Unlock()
		known := make(map[*diag.Source]bool, len(sources))
		for _, src := range sources {
			known[src] = true
		}
		fits := true
		for _, src := range q.Policy().Sources() {
			if !known[src] {
				fits = false
				break
			}
		}
		if fits {
			return q, sources, nil
		}
		q.Close()
	}
	return nil, nil, errBeingReplaced
}

// ErrDiverged is what Replay ends with when the query asks something else than it did when it was recorded.
var ErrDiverged = replay.ErrDiverged

// Replay makes the decision again from the recording alone, and returns it, or the error it ends with. What is
// recorded may come from anywhere: it can give a wrong answer, but not harm the program. Limits are those of a new Oso.
func (r *Recording) Replay(ctx context.Context) (bool, error) {
	found, err := r.rec.Run(orBackground(ctx))
	if err != nil {
		c := newCore(nil)
		s := c.registry.Acquire()
		err = c.publicIn(s, err)
		c.registry.Release(s)
	}
	return found, err
}

// Outcome returns what the recorded decision was, and the text of its error, if it ended with one.
func (r *Recording) Outcome() (allowed bool, err string) { return r.rec.Found, r.rec.Error }

// String returns the query, what it asked and was told, and its outcome, a line each.
func (r *Recording) String() string { return r.rec.Text() }

// MarshalJSON returns the recording as JSON.
func (r *Recording) MarshalJSON() ([]byte, error) { return json.Marshal(&r.rec) }

// UnmarshalJSON takes over a recording from JSON.
func (r *Recording) UnmarshalJSON(data []byte) error {
	var rec replay.Recording
	if err := json.Unmarshal(data, &rec); err != nil {
		return err
	}
	r.rec = rec
	return nil
}
