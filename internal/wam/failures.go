package wam

import (
	"hash/maphash"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// A query that makes a call again remembers from then on which calls failed, so that what several ways lead to is looked through
// once: groups that share subgroups are as many steps as there are groups, not as there are ways. Queries of few calls do not
// look for that.
//
// Only last calls of the whole query are remembered: behind them is nothing but a result, so that a call has failed when its
// alternatives are used up and no result was found meanwhile. Their arguments must be pointers of the host, of which at least one,
// and plain values. A choice point below the call tells when it is used up. What is remembered holds while the machine runs
// without a question to the host and without a result: code of the application may change objects.

// failures are the calls of a query that are known to fail.
type failures struct {
	on      bool               // the query has made enough calls to look for repeated ones
	again   bool               // it has repeated one
	run     int                // what is remembered holds for this run
	seen    *[seenCalls]uint64 // hashes of calls
	index   map[uint64]int32
	entries []failedCall
	args    []failedArg
	seed    maphash.Seed
}

// failedCall is a call that failed. Its arguments stand at args[at:].
type failedCall struct {
	pred, at int32
	next     int32 // another entry of equal hash plus one, 0 for none
}

type failedArg struct {
	cell   Cell // of a host object: its shape
	object any
	text   string
}

const (
	failuresFrom    = 32      // calls a query makes before repeated ones are looked for
	seenCalls       = 256     // calls of which one is told to be repeated; a power of two
	maxFailed       = 1 << 16 // calls remembered
	maxFailedKept   = 1 << 10 // of which the memory is kept for the next query
	maxFailedParams = 8
	maxFailedOpen   = 1 << 13 // choice points from which no more are made, so that last calls stay last calls
)

// startFailures begins to look for repeated calls. Under a limit of steps all are made: it is about calls.
func (m *Machine) startFailures() {
	if f := &m.failed; !f.on && m.planner != nil && m.limits.Steps <= 0 && m.without&Failures == 0 {
		f.on = true
		if f.index == nil {
			f.index = map[uint64]int32{}
			f.seen = new([seenCalls]uint64)
			f.seed = maphash.MakeSeed()
		}
	}
}

// forget forgets all calls.
func (f *failures) forget() {
	clear(f.index)
	clear(f.args)
	f.entries, f.args = f.entries[:0], f.args[:0]
}

// end forgets the query.
func (f *failures) end() {
	if !f.on {
		return
	}
	clear(f.seen[:])
	if f.again {
		f.forget()
	}
	f.on, f.again = false, false
	if cap(f.entries) > maxFailedKept {
		*f = failures{}
	}
}

// failedBefore reports whether a call is known to fail. If it is not, but may be remembered, a choice point watches it. Where there is no
// choice point, nothing comes after a call that fails.
func (m *Machine) failedBefore(n, arity int) bool {
	if arity > maxFailedParams || m.cp != code.PCSolution || m.att != 0 || len(m.ch) == 1 {
		return false
	}
	h, able := m.callHash(n, arity)
	if !able {
		return false
	}
	f := &m.failed
	if !f.again {
		at := &f.seen[h%seenCalls]
		f.again = *at == h
		*at = h
		if !f.again {
			return false
		}
	}
	if f.run != m.runs {
		f.forget()
		f.run = m.runs
	}
	for i := f.index[h]; i > 0; i = f.entries[i-1].next {
		if e := &f.entries[i-1]; int(e.pred) == n && m.sameArgs(f.args[e.at:int(e.at)+arity]) {
			return true
		}
	}
	if len(f.entries) < maxFailed && len(m.ch) < maxFailedOpen {
		m.push(choice{kind: chFailed, pred: int32(n), nargs: int16(arity), args: m.saveArgs(arity), b2: int32(m.runs)})
	}
	return false
}

// usedUp goes on behind a watched call that has no more alternatives.
func (m *Machine) usedUp(c *choice) status {
	n, arity := int(c.pred), int(c.nargs)
	f := &m.failed
	if int(c.b2) == m.runs && f.run == m.runs && len(f.entries) < maxFailed {
		if h, able := m.callHash(n, arity); able {
			f.entries = append(f.entries, failedCall{pred: c.pred, at: int32(len(f.args)), next: f.index[h]})
			f.index[h] = int32(len(f.entries))
			for i := range arity {
				f.args = append(f.args, m.failedArg(m.deref(m.x[i])))
			}
		}
	}
	m.pop()
	return fail
}

// callHash returns a hash of a call, false if it cannot be remembered.
func (m *Machine) callHash(n, arity int) (uint64, bool) {
	h := uint64(n)
	objects := false
	for i := range arity {
		c := m.deref(m.x[i])
		k := uint64(c)
		switch c.Tag() {
		case code.INT, code.ATOM, code.BOOL, code.NIL:
		case code.STR:
			k = maphash.String(m.failed.seed, m.text(c))
		case code.HOST:
			x, _ := m.object(c)
			address, able := access.Pointer(x)
			if !able {
				return 0, false
			}
			k, objects = uint64(address), true
		default:
			return 0, false
		}
		h = (h ^ k) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return h, objects
}

func (m *Machine) failedArg(c Cell) failedArg {
	switch c.Tag() {
	case code.STR:
		return failedArg{text: m.text(c), cell: code.Make(code.STR, 0)}
	case code.HOST:
		x, shape := m.object(c)
		return failedArg{object: x, cell: code.Make(code.HOST, shape)}
	}
	return failedArg{cell: c}
}

// sameArgs compares the arguments of a call with remembered ones.
func (m *Machine) sameArgs(args []failedArg) bool {
	for i := range args {
		if m.failedArg(m.deref(m.x[i])) != args[i] {
			return false
		}
	}
	return true
}
