package host

import (
	stderrors "errors"
	"reflect"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/partial"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// maxReadNodes bounds the Go value made of a term: a few lists that contain each other can stand for an astronomic number
// of elements.
const maxReadNodes = 64 << 20

var errReadTooBig = stderrors.New("a result is too big to be given as a Go value")

// goReader makes Go values of terms. It uses no recursion over lists and dictionaries, and little over expressions: a container is put
// in its place first and filled later.
type goReader struct {
	conv   *converter
	accept bool // expressions become types.Expression instead of an error
	used   bool // something has been read that is no leaf
	nodes  int
	stack  []readJob
	root   [1]any
	exprs  pieces[expression]
	args   pieces[any] // of expressions of more than two
	texts  pieces[string]
	class  pieces[classPattern]
	names  *[readNames]any // of fields, as values of results
}

// readNames is how many names of fields a reader remembers: policies speak of few.
const (
	readNameBits = 5
	readNames    = 1 << readNameBits
)

// maxReadDepth is how deep in expressions those in them are read at once.
const maxReadDepth = 16

// expression is an expression with room for the arguments that nearly all have.
type expression struct {
	types.Expression
	args [2]any
}

// classPattern is the pattern of a class with what it is made of.
type classPattern struct {
	instance types.PatternInstance
	pattern  types.ValuePattern
}

// pieces hands out memory for the values of results in pieces: one for as many values as the result before has, or as this has until now.
// What is left of a piece is for the next result of the query.
type pieces[T any] struct {
	free []T
	used int // by the result that is being read
	last int // by the one before
}

// maxPiece bounds what one value of a result keeps alive.
const maxPiece = 256

func (p *pieces[T]) slice(n int) []T {
	if n > len(p.free) {
		p.free = make([]T, max(n, min(max(p.last-p.used, p.used), maxPiece)))
	}
	p.used += n
	out := p.free[:n:n]
	p.free = p.free[n:]
	return out
}

// put returns a pointer to a copy of a value.
func (p *pieces[T]) put(v T) *T {
	to := &p.slice(1)[0]
	*to = v
	return to
}

// end is for when a result is complete.
func (p *pieces[T]) end() { p.used, p.last = 0, p.used }

var (
	expressionBoxes = access.BoxesOf[types.Expression]()
	textBoxes       = access.BoxesOf[string]()
	patternBoxes    = access.BoxesOf[types.ValuePattern]()
	instanceBoxes   = access.VariantsOf[types.PatternVariant, types.PatternInstance](types.PatternInstance{})
)

// readJob is a term to be put into an element of a list or dictionary.
type readJob struct {
	src  wam.Value
	list []any
	i    int
	dict map[string]any
	key  string
}

func (j *readJob) put(x any) {
	if j.dict != nil {
		j.dict[j.key] = x
	} else {
		j.list[j.i] = x
	}
}

// read makes a Go value of a term.
func (r *goReader) read(v wam.Value) (any, error) {
	if x, done, err := r.leaf(v); done {
		return x, err
	}
	r.used = true
	r.stack = append(r.stack[:0], readJob{src: v, list: r.root[:]})
	err := r.fill()
	x := r.root[0]
	r.root[0] = nil
	r.exprs.end()
	r.args.end()
	r.texts.end()
	r.class.end()
	if err != nil {
		return nil, err
	}
	return x, nil
}

// fill reads the containers that wait.
func (r *goReader) fill() error {
	for len(r.stack) > 0 {
		job := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		if err := r.container(&job); err != nil {
			return err
		}
	}
	return nil
}

// container reads a list, dictionary or expression, and leaves what is not a leaf in it for later.
func (r *goReader) container(job *readJob) error {
	switch job.src.Kind {
	case wam.KindList:
		seq, rest := sequenceOf(job.src)
		n := seq.Len()
		items := make([]any, n, n+1)
		if rest.Kind == wam.KindVar {
			items = append(items, types.Variable(rest.Str))
		}
		job.put(items)
		return r.items(seq, items)
	case wam.KindDict:
		m := mappingOf(job.src)
		dict := make(map[string]any, m.Len())
		job.put(dict)
		for i := range m.Len() {
			v, err := m.At(i)
			if err == nil {
				err = r.element(readJob{src: v, dict: dict, key: m.Key(i)})
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	e, ok := job.src.Ref.(*wam.Expr)
	if !ok {
		return stderrors.New("a result holds no value")
	}
	x, err := r.expression(e, 0)
	job.put(x)
	return err
}

// expression reads an expression.
func (r *goReader) expression(e *wam.Expr, depth int) (any, error) {
	x := &r.exprs.slice(1)[0]
	x.Operator, _ = types.OperatorNamed(e.Op)
	switch n := len(e.Args); {
	case n > len(x.args):
		x.Args = r.args.slice(n)
	case n > 0: // none are nil, as callers write them
		x.Args = x.args[:n:n]
	}
	if r.nodes += len(e.Args); r.nodes > maxReadNodes {
		return nil, errReadTooBig
	}
	for i := range e.Args {
		v, to := &e.Args[i], &x.Args[i]
		switch {
		case v.Kind == wam.KindVar && v.Str == partial.This:
			*to = this
		case v.Kind == wam.KindString && i == 1 && e.Op == "Dot":
			*to = r.name(v.Str)
		case v.Kind == wam.KindString:
			*to = textBoxes.Box(r.texts.put(v.Str))
		case v.Kind == wam.KindInt:
			*to = v.Int()
		case v.Kind == wam.KindExpr && depth < maxReadDepth:
			inner, err := r.expression(v.Ref.(*wam.Expr), depth+1)
			if err != nil {
				return nil, err
			}
			*to = inner
		case v.Kind == wam.KindPattern && isClassOnly(v.Ref.(*wam.Pattern)):
			*to = r.classOnly(v.Ref.(*wam.Pattern).Tag)
		default:
			if err := r.place(v, x.Args, i); err != nil {
				return nil, err
			}
		}
	}
	return expressionBoxes.Box(&x.Expression), nil
}

// place puts a term into an element of a list, at once if it is a leaf.
func (r *goReader) place(v *wam.Value, list []any, i int) error {
	x, done, err := r.leaf(*v)
	switch {
	case err != nil:
		return err
	case done:
		list[i] = x
	default:
		r.stack = append(r.stack, readJob{src: *v, list: list, i: i})
	}
	return nil
}

// drop forgets what is left of the memory for a query's results. Most queries have none.
func (r *goReader) drop() {
	if !r.used {
		return
	}
	r.used = false
	r.exprs.free, r.args.free, r.texts.free, r.class.free = nil, nil, nil, nil
	clear(r.stack[:cap(r.stack)])
	if cap(r.stack) > 1024 {
		r.stack = nil
	}
}

// name reads the name of a field. Names of a policy keep their addresses, so the next one finds the same value.
func (r *goReader) name(s string) any {
	if r.names == nil {
		r.names = new([readNames]any)
	}
	known := &r.names[uint64(access.Address(s))*0x9E3779B97F4A7C15>>(64-readNameBits)]
	if t, ok := (*known).(string); !ok || len(t) != len(s) || access.Address(t) != access.Address(s) {
		*known = s
	}
	return *known
}

func isClassOnly(p *wam.Pattern) bool { return p.Tag != "" && len(p.Fields.Keys) == 0 }

// classOnly reads the pattern of a class without fields. Its map is its own: who gets it may write to it.
func (r *goReader) classOnly(tag string) any {
	c := &r.class.slice(1)[0]
	c.instance = types.PatternInstance{Tag: types.Symbol(tag), Fields: types.Dictionary{Fields: map[types.Symbol]types.Term{}}}
	c.pattern = types.ValuePattern{PatternVariant: instanceBoxes.Box(&c.instance)}
	return patternBoxes.Box(&c.pattern)
}

func (r *goReader) items(seq wam.Sequence, into []any) error {
	for i := range seq.Len() {
		v, err := seq.At(i)
		if err == nil {
			err = r.element(readJob{src: v, list: into, i: i})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *goReader) element(job readJob) error {
	if r.nodes++; r.nodes > maxReadNodes {
		return errReadTooBig
	}
	x, done, err := r.leaf(job.src)
	if err != nil {
		return err
	}
	if done {
		job.put(x)
	} else {
		r.stack = append(r.stack, job)
	}
	return nil
}

// leaf reads a term without parts; done is false for one that has parts.
func (r *goReader) leaf(v wam.Value) (x any, done bool, err error) {
	switch v.Kind {
	case wam.KindBool:
		return v.Bool(), true, nil
	case wam.KindInt:
		return v.Int(), true, nil
	case wam.KindFloat:
		return v.Float(), true, nil
	case wam.KindString:
		return v.Str, true, nil
	case wam.KindInstance:
		return object(v), true, nil
	case wam.KindVar:
		if v.Str == partial.This {
			return this, true, nil
		}
		return types.Variable(v.Str), true, nil
	case wam.KindExpr:
		if !r.accept {
			return nil, true, &errors.UnexpectedExpressionError{}
		}
	case wam.KindPattern:
		b := builder{converter: r.conv}
		term, err := b.term(v, 0)
		if err != nil {
			return nil, true, err
		}
		return term.Value.ValueVariant, true, nil
	}
	return nil, false, nil
}

// this is the variable that nearly all expressions speak of.
var this any = types.Variable(partial.This)

// object returns an instance as the application knows it: what a borrowed pointer leads to, else the object itself.
func object(v wam.Value) any {
	if isBorrowed(v) {
		return reflect.ValueOf(v.Ref).Elem().Interface()
	}
	return v.Ref
}

// isBorrowed reports whether an instance is a pointer that this package made.
func isBorrowed(v wam.Value) bool {
	return v.Shape() == shapeBorrowed || v.Shape() >= firstShape && (v.Shape()-firstShape)%2 == 1
}
