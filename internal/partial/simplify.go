package partial

import (
	"context"
	"slices"

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

// Simplifier simplifies conjunctions one after the other. Mem is where it makes expressions; it never resets it. It is for one
// goroutine.
type Simplifier struct {
	Mem *wam.Exprs

	ctx     context.Context
	self    string
	outputs func(name string) bool
	frozen  map[variable]bool  // locals left over in a negation: they read as "for all" and must not be eliminated; nil for none
	done    map[*wam.Expr]bool // Or expressions whose members are simplified; nil for none
	work    int
	err     *Error

	defs   definitions       // of the conjunction under way
	pinned map[variable]bool // its rest variables, nil for none
	kinds  []equalityKind    // of its members
	set    termSet           // of unique
	plains []lookup          // of a plain conjunction
}

// Simplify turns the conjunction of constraints into the result for the variable named self. outputs tells which names are
// visible to the caller, self among them; variables are told apart by Str and N together, and those without a name get one at last.
// A variable made outside of a Not must occur outside of it too, otherwise it is taken for a local of that Not; an argument
// Unify(v, v) is enough. The conjunction is used up.
//
// ok is false when the conjunction can't hold. The result is an And expression (without arguments: always true) in which
// self is called This, or a plain value without variables. err is an *Error, also when ctx ends.
func (s *Simplifier) Simplify(ctx context.Context, conj []wam.Value, self string, outputs func(name string) bool) (result wam.Value, ok bool, err error) {
	s.begin(ctx)
	defer s.end()
	s.self, s.outputs = self, outputs
	if args, done := s.plain(conj); done {
		return s.expr("And", 0, s.unique(args)), true, s.errOrNil()
	}
	return s.rounds(conj)
}

// rounds simplifies any conjunction.
func (s *Simplifier) rounds(conj []wam.Value) (result wam.Value, ok bool, err error) {
	args, ok := s.conjunction(conj, nil, nil, 0)
	if s.err != nil {
		return wam.Value{}, false, s.err
	}
	if !ok {
		return wam.Value{}, false, nil
	}
	args = s.unique(args)
	if len(args) == 1 {
		if v, ok := s.ownValue(args[0]); ok {
			return v, s.err == nil, s.errOrNil()
		}
	}
	if s.rename(args, 0); s.err != nil {
		return wam.Value{}, false, s.err
	}
	return s.expr("And", 0, args), true, nil
}

// begin forgets the conjunction before.
func (s *Simplifier) begin(ctx context.Context) { s.ctx, s.work, s.err = ctx, 0, nil }

// end lets go of everything that belongs to the caller.
func (s *Simplifier) end() {
	s.ctx, s.outputs, s.frozen, s.done, s.pinned = nil, nil, nil, nil, nil
	s.defs.reset()
	s.set.reset()
}

// expr makes an expression of arguments that stay where they are.
func (s *Simplifier) expr(op string, place int, args []wam.Value) wam.Value {
	e := s.Mem.Expr(op, 0, place)
	e.Args = args
	return e.Value()
}

// variable tells variables apart.
type variable struct {
	name string
	n    uint64
}

// scope holds the constraints that are known to hold where a negation stands: its earlier siblings, and those of the negations
// around it. Nil is an empty one.
type scope struct {
	parent *scope
	set    termSet
}

func (sc *scope) has(s *Simplifier, c wam.Value) bool {
	for ; sc != nil; sc = sc.parent {
		if sc.set.has(s, c) {
			return true
		}
	}
	return false
}

// sight tells which variables others see from where a conjunction stands: those that occur in more than one member of what is
// around it. Nil is the outermost conjunction's.
type sight struct {
	parent *sight
	shared map[variable]bool
}

// keeps reports whether a variable is seen from outside of a conjunction, or must not be eliminated for another reason.
func (s *Simplifier) keeps(v variable, from *sight) bool {
	if v.name != "" && (v.name == s.self || s.outputs(v.name)) || s.frozen[v] {
		return true
	}
	for ; from != nil; from = from.parent {
		if from.shared[v] {
			return true
		}
	}
	return false
}

func (s *Simplifier) errOrNil() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

// fail records the first error.
func (s *Simplifier) fail(kind diag.Kind, place int, message string) {
	if s.err == nil {
		s.err = &Error{Kind: kind, Message: message, Place: place}
	}
}

// enter counts a visit; false means that a limit is passed. Every loop ends soon after the first error, which sticks.
func (s *Simplifier) enter(depth int) bool {
	s.work++
	if s.work&0xfff == 0 || depth > maxDepth {
		s.look(depth)
	}
	return s.err == nil
}

// look tests the limits.
func (s *Simplifier) look(depth int) {
	if s.work > maxWork {
		s.fail(diag.StackOverflow, 0, "the constraints of a result are too large to simplify")
	}
	if err := s.ctx.Err(); err != nil && s.err == nil {
		s.err = &Error{Kind: diag.QueryTimeout, Message: "the query was stopped: " + err.Error(), Cause: err}
	}
	if depth > maxDepth {
		s.fail(diag.StackOverflow, 0, "the constraints of a result are nested too deep")
	}
}

// conjunction simplifies the members of one And. from tells which variables others see; known is what holds around it.
// ok is false when it can't hold.
func (s *Simplifier) conjunction(args []wam.Value, from *sight, known *scope, depth int) (out []wam.Value, ok bool) {
	if !s.enter(depth) {
		return nil, false
	}
	for s.err == nil {
		if args, ok = s.flatten(args, depth); !ok {
			return nil, false
		}
		var changed, again bool
		if args, changed, again = s.eliminate(args, from, depth == 0); again {
			continue
		}
		if changed { // what has become constant goes
			if args, ok = s.flatten(args, depth); !ok {
				return nil, false
			}
		}
		if args, changed, ok = s.compounds(args, from, known, depth); !ok {
			return nil, false
		}
		if !changed {
			return args, s.err == nil
		}
	}
	return nil, false
}

// flatten returns the members of a conjunction, those of nested conjunctions too, without constant truths. ok is false if
// one of them is false.
func (s *Simplifier) flatten(args []wam.Value, depth int) (out []wam.Value, ok bool) {
	for i, a := range args {
		if !s.enter(depth) {
			return nil, false
		}
		t := s.decide(a)
		if t == never {
			return nil, false
		}
		if t == always || isAnd(a) {
			out = append(s.Mem.Args(len(args))[:0], args[:i]...)
			return s.flattenInto(out, args[i:], depth)
		}
	}
	return args, true
}

// flattenInto appends what flatten returns.
func (s *Simplifier) flattenInto(out, args []wam.Value, depth int) ([]wam.Value, bool) {
	for _, a := range args {
		if !s.enter(depth) {
			return nil, false
		}
		if isAnd(a) {
			var ok bool
			if out, ok = s.flattenInto(out, a.Ref.(*wam.Expr).Args, depth+1); !ok {
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

func isAnd(v wam.Value) bool { return v.Kind == wam.KindExpr && v.Ref.(*wam.Expr).Op == "And" }

// compounds simplifies the negations and disjunctions among the members of a conjunction and reports whether it met one.
func (s *Simplifier) compounds(args []wam.Value, from *sight, known *scope, depth int) (out []wam.Value, changed, ok bool) {
	first := slices.IndexFunc(args, s.isCompound)
	if first < 0 {
		return args, false, s.err == nil
	}
	inside := &sight{parent: from, shared: s.shared(args)}
	here := &scope{parent: known}
	for _, a := range args {
		if s.err != nil {
			return nil, false, false
		}
		if !s.isCompound(a) {
			here.set.add(s, a)
			out = append(out, a)
			continue
		}
		simplify := s.negate
		if e := a.Ref.(*wam.Expr); e.Op == "Or" {
			simplify = s.disjunction
		}
		// What the compound says is known later in another form only.
		members, possible := simplify(a.Ref.(*wam.Expr), inside, here, depth+1)
		if !possible {
			return nil, true, false
		}
		out = append(out, members...)
	}
	return out, true, s.err == nil
}

// isCompound reports whether a constraint is a negation or disjunction that is still to be simplified.
func (s *Simplifier) isCompound(c wam.Value) bool {
	if c.Kind != wam.KindExpr {
		return false
	}
	switch e := c.Ref.(*wam.Expr); e.Op {
	case "Not":
		return !isAtomicNot(e)
	case "Or":
		return !s.done[e]
	}
	return false
}

// disjunction simplifies the members of an Or. It returns nothing when one of them always holds; ok is false when none can.
func (s *Simplifier) disjunction(e *wam.Expr, from *sight, known *scope, depth int) (out []wam.Value, ok bool) {
	inside := &sight{parent: from, shared: s.shared(e.Args)}
	var members []wam.Value
	for _, a := range e.Args {
		args, possible := s.conjunction([]wam.Value{a}, inside, known, depth)
		if s.err != nil {
			return nil, false
		}
		if !possible {
			continue
		}
		args = s.unique(args)
		s.freeze(args, from)
		switch len(args) {
		case 0:
			return nil, true
		case 1:
			members = append(members, args[0])
		default:
			members = append(members, s.expr("And", 0, args))
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
func (s *Simplifier) or(members []wam.Value, place int) wam.Value {
	var flat []wam.Value
	for _, m := range members {
		if e, ok := m.Ref.(*wam.Expr); ok && m.Kind == wam.KindExpr && e.Op == "Or" {
			flat = append(flat, e.Args...)
			continue
		}
		flat = append(flat, m)
	}
	v := s.expr("Or", place, s.unique(flat))
	if s.done == nil {
		s.done = map[*wam.Expr]bool{}
	}
	s.done[v.Ref.(*wam.Expr)] = true
	return v
}

// unique drops members that repeat an earlier one, also with the sides of an equality swapped, and the "b <= a" that follows
// "a > b" (in this notation only: it is what callers have come to see).
func (s *Simplifier) unique(args []wam.Value) []wam.Value {
	if len(args) <= fewTerms && !s.anyRepeated(args) {
		return args
	}
	s.set.reset()
	out := args[:0:0]
	for i, a := range args {
		repeats := s.set.has(s, a) || s.implied(a)
		if s.err != nil {
			return nil
		}
		switch {
		case !repeats:
			s.set.add(s, a)
			if len(out) < i { // one has been dropped
				out = append(out, a)
				continue
			}
			out = args[:i+1]
		case len(out) == i: // the first to be dropped
			out = append(s.Mem.Args(len(args))[:0], args[:i]...)
		}
	}
	return out
}

// anyRepeated reports whether unique would drop any of a few terms, or cannot tell at a glance.
func (s *Simplifier) anyRepeated(args []wam.Value) bool {
	for i := range args {
		e, ok := args[i].Ref.(*wam.Expr)
		if !ok || e.Op == "Leq" || e.Op == "Geq" { // perhaps implied
			return true
		}
		for k := range args[:i] {
			if s.equal(args[k], args[i], asWritten, 0) {
				return true
			}
		}
	}
	return s.err != nil
}

// stricter maps "b <= a" to the "a > b" that implies it.
var stricter = map[string]string{"Leq": "Gt", "Geq": "Lt"}

// implied reports whether a constraint follows from one of the set, as unique says.
func (s *Simplifier) implied(c wam.Value) bool {
	e, ok := c.Ref.(*wam.Expr)
	if !ok || len(e.Args) != 2 || e.Op != "Leq" && e.Op != "Geq" {
		return false
	}
	return s.set.has(s, s.Mem.Apply(stricter[e.Op], 0, e.Args[1], e.Args[0]))
}

// ownValue returns v if the constraint says "self = v" with a ground v.
func (s *Simplifier) ownValue(c wam.Value) (wam.Value, bool) {
	e, ok := c.Ref.(*wam.Expr)
	if !ok || c.Kind != wam.KindExpr || e.Op != "Unify" || len(e.Args) != 2 {
		return wam.Value{}, false
	}
	for i, a := range e.Args {
		if b := e.Args[1-i]; a.Kind == wam.KindVar && a.Str == s.self && s.ground(b, 0) {
			return b, true
		}
	}
	return wam.Value{}, false
}

// rename gives variables the names that callers see.
func (s *Simplifier) rename(args []wam.Value, depth int) {
	for i := range args {
		if !s.enter(depth) {
			return
		}
		a := &args[i]
		switch a.Kind {
		case wam.KindVar:
			*a = s.renamed(*a)
		case wam.KindExpr:
			s.rename(a.Ref.(*wam.Expr).Args, depth+1)
		case wam.KindList:
			if l, ok := a.Ref.(*wam.List); ok {
				s.rename(l.Items, depth+1)
				if l.Rest.Kind == wam.KindVar {
					l.Rest = s.renamed(l.Rest)
				}
			}
		case wam.KindDict:
			if d, ok := a.Ref.(*wam.Dict); ok {
				s.rename(d.Values, depth+1)
			}
		case wam.KindPattern:
			s.rename(a.Ref.(*wam.Pattern).Fields.Values, depth+1)
		}
	}
}

func (s *Simplifier) renamed(v wam.Value) wam.Value {
	if v.Str == s.self {
		return wam.VarValue(This)
	}
	return v.Named()
}
