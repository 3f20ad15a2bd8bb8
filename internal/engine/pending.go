package engine

import (
	"errors"

	"github.com/goso-project/goso/internal/wam"
)

// ErrPending is what a Host, or an Iterator of one, returns for a question that it will answer later. Next returns it then,
// and the query is not over: hand the answer to Query.Answer and call Next again. The host may answer other questions of
// the same query at once.
var ErrPending = errors.New("the query waits for an answer of its host")

// Answer is a late answer to a question. Err, if not nil, is treated like one that the Host's method returns; else the field
// counts that the method would have returned.
type Answer struct {
	Value    wam.Value // to Lookup, Call, New and Next; to Next, of kind KindNone: there are no more
	Yes      bool      // to Isa, IsaWithPath and Compare
	Iterator Iterator  // to Iterate
	Err      error
}

// Pending reports whether the query waits for an answer.
func (q *Query) Pending() bool { return q.pending }

// Answer answers the question that made Next return ErrPending. Without such a question it does nothing.
func (q *Query) Answer(a Answer) {
	if !q.pending {
		return
	}
	q.pending = false
	// Any time may have passed.
	if q.check(); q.err != nil {
		return
	}
	switch kind := q.m.Event().Kind; {
	case a.Err != nil:
		q.fail(a.Err)
	case kind == wam.EventIsa || kind == wam.EventPath || kind == wam.EventCompare:
		q.m.ResumeBool(a.Yes)
	case kind == wam.EventIterate:
		q.resumeIterate(a.Iterator, nil)
	case kind == wam.EventNext && a.Value.Kind == wam.KindNone:
		q.m.ResumeNone()
	default:
		q.resume(a.Value, nil)
	}
}

// Registry returns what the query sees of the registrations.
func (q *Query) Registry() *Registry { return q.st.registry }

// Policy returns the policy that the query runs on.
func (q *Query) Policy() *Policy { return q.st.policy }
