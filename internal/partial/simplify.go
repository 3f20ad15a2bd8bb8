package partial

import (
	"context"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

const (
	// maxDepth bounds the depth of terms and negations. A level takes a few frames of some 300 bytes; 10,000 levels are
	// a few MB of a stack that may grow to 1 GB. The machine's own copying is bounded alike.
	maxDepth = 10_000
	// maxWork bounds the terms visited in one call, about half a second of work. Only terms that double by
	// substitution come near it.
	maxWork = 20_000_000
)

// This is the name that stands for the reported variable in its own expression.
const This = "_this"

// Error is a conjunction that cannot be simplified: diag.Unsupported for a negation of arithmetic, diag.StackOverflow past the
// limits of depth and work, diag.QueryTimeout when the context ends.
type Error struct {
	Kind    diag.Kind
	Message string
	Place   int   // Expr.Place of the constraint concerned, 0 if there is none
	Cause   error // the context's error, nil for the others
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }

// Simplify turns the conjunction of constraints into the result for the variable named self. outputs tells which names are
// visible to the caller, self among them; variables are told apart by Str and N together. A variable made outside of a Not
// must occur outside of it too, otherwise it is taken for a local of that Not; an argument Unify(v, v) is enough.
//
// ok is false when the conjunction can't hold. The result is an And expression (without arguments: always true) in which
// self is called This, or a plain value without variables. err is an *Error, also when ctx ends.
func Simplify(ctx context.Context, conj []wam.Value, self string, outputs func(name string) bool) (result wam.Value, ok bool, err error) {
	s := &simplifier{ctx: ctx, frozen: map[variable]bool{}, done: map[*wam.Expr]bool{}}
	visible := func(v variable) bool { return v.name == self || outputs(v.name) }
	args, ok := s.conjunction(conj, visible, &scope{keys: map[string]bool{}}, 0)
	if s.err != nil {
		return wam.Value{}, false, s.err
	}
	if !ok {
		return wam.Value{}, false, nil
	}
	args = s.unique(args)
	if len(args) == 1 {
		if v, ok := s.ownValue(args[0], self); ok {
			return v, s.err == nil, s.errOrNil()
		}
	}
	this := map[variable]wam.Value{}
	s.eachVariable(args, func(v variable) {
		if v.name == self {
			this[v] = wam.VarValue(This)
		}
	})
	args = s.substitute(args, this)
	if s.err != nil {
		return wam.Value{}, false, s.err
	}
	return wam.ExprValue("And", args...), true, nil
}

// simplifier is the state of one call. The first error sticks; every loop ends soon after.
type simplifier struct {
	ctx       context.Context
	frozen    map[variable]bool  // locals left over in a negation: they read as "for all" and must not be eliminated
	done      map[*wam.Expr]bool // Or expressions whose members are simplified
	instances map[any]int        // numbers for host objects in keys
	lastID    int                // the last such number
	work      int
	err       *Error
}

// variable tells variables apart.
type variable struct {
	name string
	n    uint64
}

// scope holds the keys of the constraints that are known to hold where a negation stands: its earlier siblings, and those of
// the negations around it.
type scope struct {
	parent *scope
	keys   map[string]bool
}

func (sc *scope) has(key string) bool {
	for ; sc != nil; sc = sc.parent {
		if sc.keys[key] {
			return true
		}
	}
	return false
}

func (s *simplifier) errOrNil() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

// fail records the first error.
func (s *simplifier) fail(kind diag.Kind, place int, message string) {
	if s.err == nil {
		s.err = &Error{Kind: kind, Message: message, Place: place}
	}
}

// enter counts a visit; false means that a limit is passed.
func (s *simplifier) enter(depth int) bool {
	if s.work++; s.work > maxWork {
		s.fail(diag.StackOverflow, 0, "the constraints of a result are too large to simplify")
	}
	if s.work&0xfff == 0 {
		if err := s.ctx.Err(); err != nil && s.err == nil {
			s.err = &Error{Kind: diag.QueryTimeout, Message: "the query was stopped: " + err.Error(), Cause: err}
		}
	}
	if depth > maxDepth {
		s.fail(diag.StackOverflow, 0, "the constraints of a result are nested too deep")
	}
	return s.err == nil
}

// conjunction simplifies the members of one And. visible tells which variables others see; known is what holds around it.
// ok is false when it can't hold.
func (s *simplifier) conjunction(args []wam.Value, visible func(variable) bool, known *scope, depth int) (out []wam.Value, ok bool) {
	if !s.enter(depth) {
		return nil, false
	}
	keep := func(v variable) bool { return s.frozen[v] || visible(v) }
	for s.err == nil {
		if args, ok = s.flatten(nil, args, depth); !ok {
			return nil, false
		}
		var changed bool
		if args, changed = s.eliminate(args, keep); changed {
			continue
		}
		if args, changed, ok = s.compounds(args, keep, known, depth); !ok {
			return nil, false
		}
		if !changed {
			return args, s.err == nil
		}
	}
	return nil, false
}

// flatten appends the members of a conjunction to out, those of nested conjunctions too, without constant truths. ok is false if
// one of them is false.
func (s *simplifier) flatten(out, args []wam.Value, depth int) ([]wam.Value, bool) {
	for _, a := range args {
		if !s.enter(depth) {
			return nil, false
		}
		e, isExpr := a.Ref.(*wam.Expr)
		if a.Kind == wam.KindExpr && isExpr && e.Op == "And" {
			var ok bool
			if out, ok = s.flatten(out, e.Args, depth+1); !ok {
				return nil, false
			}
			continue
		}
		switch s.decide(a) {
		case always:
		case never:
			return nil, false
		default:
			out = append(out, a)
		}
	}
	return out, true
}

// compounds simplifies the negations and disjunctions among the members of a conjunction and reports whether it met one.
func (s *simplifier) compounds(args []wam.Value, keep func(variable) bool, known *scope, depth int) (out []wam.Value, changed, ok bool) {
	shared := s.shared(args)
	visible := func(v variable) bool { return keep(v) || shared[v] }
	here := &scope{parent: known, keys: map[string]bool{}}
	for _, a := range args {
		if s.err != nil {
			return nil, false, false
		}
		e, _ := a.Ref.(*wam.Expr)
		switch {
		case a.Kind == wam.KindExpr && e.Op == "Not" && !isAtomicNot(e):
			inverse, possible := s.negate(e, visible, here, depth+1)
			if !possible {
				return nil, true, false
			}
			out, changed = append(out, inverse...), true
			continue // what it says is known later in another form only
		case a.Kind == wam.KindExpr && e.Op == "Or" && !s.done[e]:
			member, possible := s.disjunction(e, visible, here, depth+1)
			if !possible {
				return nil, true, false
			}
			out, changed = append(out, member...), true
			continue
		}
		here.keys[s.key(a)] = true
		out = append(out, a)
	}
	return out, changed, s.err == nil
}

// disjunction simplifies the members of an Or. It returns nothing when one of them always holds; ok is false when none can.
func (s *simplifier) disjunction(e *wam.Expr, visible func(variable) bool, known *scope, depth int) (out []wam.Value, ok bool) {
	shared := s.shared(e.Args)
	keep := func(v variable) bool { return visible(v) || shared[v] }
	var members []wam.Value
	for _, a := range e.Args {
		args, possible := s.conjunction([]wam.Value{a}, keep, known, depth)
		if s.err != nil {
			return nil, false
		}
		if !possible {
			continue
		}
		args = s.unique(args)
		s.freeze(args, visible)
		switch len(args) {
		case 0:
			return nil, true
		case 1:
			members = append(members, args[0])
		default:
			members = append(members, wam.ExprValue("And", args...))
		}
	}
	switch len(members) {
	case 0:
		return nil, false
	case 1:
		return members, true
	}
	return []wam.Value{s.or(members, e.Place)}, true
}

// or makes a disjunction of simplified members, splicing nested ones.
func (s *simplifier) or(members []wam.Value, place int) wam.Value {
	var flat []wam.Value
	for _, m := range members {
		if e, ok := m.Ref.(*wam.Expr); ok && m.Kind == wam.KindExpr && e.Op == "Or" {
			flat = append(flat, e.Args...)
			continue
		}
		flat = append(flat, m)
	}
	e := &wam.Expr{Op: "Or", Args: s.unique(flat), Place: place}
	s.done[e] = true
	return wam.Value{Kind: wam.KindExpr, Ref: e}
}

// unique drops members that repeat an earlier one, also with the sides of an equality swapped, and the "b <= a" that follows
// "a > b" (in this notation only: it is what callers have come to see).
func (s *simplifier) unique(args []wam.Value) []wam.Value {
	seen := make(map[string]bool, len(args))
	out := args[:0:0]
	for _, a := range args {
		keys := [2]string{s.key(a)}
		if e, ok := a.Ref.(*wam.Expr); ok && stricter[e.Op] != "" && len(e.Args) == 2 {
			keys[1] = s.key(wam.ExprValue(stricter[e.Op], e.Args[1], e.Args[0]))
		}
		if s.err != nil {
			return nil
		}
		if !seen[keys[0]] && !seen[keys[1]] {
			seen[keys[0]] = true
			out = append(out, a)
		}
	}
	return out
}

// stricter maps "b <= a" to the "a > b" that implies it.
var stricter = map[string]string{"Leq": "Gt", "Geq": "Lt"}

// ownValue returns v if the constraint says "self = v" with a ground v.
func (s *simplifier) ownValue(c wam.Value, self string) (wam.Value, bool) {
	e, ok := c.Ref.(*wam.Expr)
	if !ok || c.Kind != wam.KindExpr || e.Op != "Unify" || len(e.Args) != 2 {
		return wam.Value{}, false
	}
	for i, a := range e.Args {
		if b := e.Args[1-i]; a.Kind == wam.KindVar && a.Str == self && s.ground(b, 0) {
			return b, true
		}
	}
	return wam.Value{}, false
}
