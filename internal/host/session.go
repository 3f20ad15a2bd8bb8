package host

import (
	"context"
	"reflect"
	"time"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// Session answers the questions of one query. It is for one goroutine at a time, like the query.
type Session struct {
	conv   converter
	memory memory
	config Config
	reader goReader
	memo   [memoSize]memo
	seen   [4]seenType
	memoOf *classes // what memo and seen hold for

	query *engine.Query // see Query

	bounded context.Context // what code of the application gets for the query's context, once it asked for it
	cancel  context.CancelFunc

	// missing is the error of every look-up without an answer: inside a pattern such errors are frequent and nobody
	// reads them. Its text is made when asked for.
	missing      engine.ApplicationError
	missReceiver wam.Value
	missName     string
}

// Config changes how values behave.
type Config struct {
	// UnderlyingEquality compares values of named basic types with plain numbers, strings and booleans by what they are.
	UnderlyingEquality bool
	// ErrorResults makes a method's last result, if it is an error, end the query instead of being a value.
	ErrorResults bool
	// Timeout bounds the wait for an iterator's next element, and the context of methods that take one; 0 is no bound.
	Timeout time.Duration
	// Resolved says that somebody may be asked for fields instead.
	Resolved bool
}

func newSession() *Session {
	s := &Session{}
	s.conv.mem = &s.memory
	s.missing.Lazy = func() string { return s.MissingAttribute().Error() }
	return s
}

// reset forgets the query.
func (s *Session) reset() {
	s.memory.reset()
	s.conv.classes, s.conv.instances, s.conv.open = nil, nil, false
	s.reader.drop()
	s.missReceiver, s.missName = wam.Value{}, ""
	if s.cancel != nil {
		s.cancel()
		s.bounded, s.cancel = nil, nil
	}
}

// Bounded returns the context for code of the application: the query's, but it also ends when the query's time is up, and with the
// query.
func (s *Session) Bounded(ctx context.Context) context.Context {
	if s.config.Timeout <= 0 {
		return ctx
	}
	if s.bounded == nil {
		s.bounded, s.cancel = context.WithTimeout(ctx, s.config.Timeout)
	}
	return s.bounded
}

// Value converts an argument. It returns an error for values that have no place in a policy: cyclic lists, integers that
// do not fit, maps whose keys are no strings.
func (s *Session) Value(x any) (wam.Value, error) {
	s.conv.argument = true
	v, err := s.conv.value(x)
	s.conv.argument = false
	return v, err
}

// ShapeOf returns the shape of what a pointer points to, 0 if that takes more than a look. Position is the argument's: what
// comes there is mostly of one type.
func (s *Session) ShapeOf(x any, position int) int {
	seen := &s.seen[position&(len(s.seen)-1)]
	if _, ok := seen.access.Target(x); ok {
		return seen.shape
	}
	if t := reflect.TypeOf(x); t != nil && t.Kind() == reflect.Pointer {
		return s.see(seen, x, t.Elem())
	}
	return 0
}

// seenType is the type of an argument, and the shape of its instances.
type seenType struct {
	access access.Type
	shape  int
}

// see makes a type the one that is seen, if its instances have a shape.
func (s *Session) see(seen *seenType, x any, t reflect.Type) int {
	p := s.conv.classes.planOf(t)
	if p.cat != catInstance || p.shape == shapeUnknown {
		return 0
	}
	if _, ok := p.access.Target(x); !ok {
		return 0
	}
	*seen = seenType{access: p.access, shape: p.shape}
	return p.shape
}

// Query returns the query that was kept with the session, nil if there is none. Keep keeps one: pools then hand out both at once.
func (s *Session) Query() *engine.Query {
	q := s.query
	s.query = nil
	return q
}

// Keep keeps a query that was cleared.
func (s *Session) Keep(q *engine.Query) { s.query = q }

// Open reports whether an argument held a variable or expression.
func (s *Session) Open() bool { return s.conv.open }

// Go makes a Go value of a result. Expressions are an error unless accepted.
func (s *Session) Go(v wam.Value, acceptExpressions bool) (any, error) {
	s.reader.conv, s.reader.accept, s.reader.nodes = &s.conv, acceptExpressions, 0
	return s.reader.read(v)
}

// MissingAttribute returns the error of the last look-up without an answer.
func (s *Session) MissingAttribute() *errors.MissingAttributeError {
	return errors.NewMissingAttributeError(valueText(s.missReceiver), s.missName)
}

func (s *Session) miss(receiver wam.Value, name string) error {
	s.missReceiver, s.missName = receiver, name
	return &s.missing
}

// planOf returns the plan of an instance, nil for nil and for values that are no instances.
func (s *Session) planOf(v wam.Value) *plan {
	if v.Kind != wam.KindInstance || v.Ref == nil {
		return nil
	}
	return s.conv.classes.planOfObject(v.Ref, v.Shape())
}

// Lookup reads a field. Values without such a field, and fields behind a nil embedded pointer, give an
// *engine.ApplicationError.
func (s *Session) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	shape := receiver.Shape()
	m := s.memoFor(name, shape)
	if m.read != nil && m.shape == shape && m.name == name && receiver.Kind == wam.KindInstance {
		return m.read.read(s, ctx, m.read, receiver.Ref)
	}
	if receiver.Kind == wam.KindInstance && m.owner != nil && m.shape == shape && m.name == name {
		if at, ok := m.owner.Target(receiver.Ref); ok {
			return s.conv.fromPlace(m.plan, at.Field(&m.field.way), false)
		}
	}
	p := s.planOf(receiver)
	if p == nil {
		return wam.Value{}, s.miss(receiver, name)
	}
	if b := p.reads[name]; b != nil {
		if shape >= firstShape { // types without a class share a shape
			*m = memo{name: name, shape: shape, read: b}
		}
		return b.read(s, ctx, b, receiver.Ref)
	}
	f := p.fields[name]
	if f == nil {
		return wam.Value{}, s.miss(receiver, name)
	}
	if at, ok := p.access.Target(receiver.Ref); ok && f.direct {
		fp := f.get(s.conv.classes)
		*m = memo{name: name, shape: shape, owner: &p.access, field: f, plan: fp}
		return s.conv.fromPlace(fp, at.Field(&f.way), false)
	}
	v := target(receiver.Ref)
	for i, x := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return wam.Value{}, s.miss(receiver, name)
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return s.conv.fromValue(f.get(s.conv.classes), v, false, 0)
}

// memoFor returns the place where the field of a shape is remembered, if it is.
func (s *Session) memoFor(name string, shape int) *memo {
	h := (uint64(access.Address(name)) ^ uint64(shape)<<48) * 0x9E3779B97F4A7C15 // Fibonacci hashing: the top bits depend on all
	return &s.memo[h>>(64-memoBits)]
}

// memoSize is the number of fields a session remembers how to read.
const (
	memoBits = 8
	memoSize = 1 << memoBits
)

// memo remembers how a field of a shape was read: names of a policy keep their addresses, so the next read of the field finds
// it without a look at its table.
type memo struct {
	name  string
	shape int
	owner *access.Type
	field *field
	plan  *plan
	read  *binding // not nil: an accessor stands for the field; owner, field and plan are nil
}

// Isa answers for instances whose shape says nothing.
func (s *Session) Isa(_ context.Context, v wam.Value, class string) (bool, error) {
	p := s.planOf(v)
	return p != nil && s.conv.classes.isInstance(p.typ, class), nil
}

// IsSubclass reports whether two classes are the same Go type, or the right one an interface that the left one has.
func (s *Session) IsSubclass(_ context.Context, left, right string) (bool, error) {
	return s.conv.classes.isSubclass(left, right), nil
}
