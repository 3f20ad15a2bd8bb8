package host

import (
	"context"
	"reflect"
	"sync/atomic"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/interfaces"
	"github.com/goso-project/goso/pkg/oso/types"
)

// category says what kind of term the values of a Go type are.
type category uint8

const (
	catInstance   category = iota // structs, named basic types, funcs, channels, and whatever else there is
	catBool                       // bool
	catInt                        // the signed integer types
	catUint                       // the unsigned integer types but uintptr
	catFloat                      // float32, float64
	catString                     // string
	catPointer                    // converted by target
	catInterface                  // converted by dynamic type
	catList                       // slices and arrays
	catDict                       // maps with keys of a string kind
	catVariable                   // types.Variable
	catExpression                 // types.Expression
	catWire                       // types.Term, types.Value and its variants
)

// plan is what is known of a Go type. Plans are immutable but for the references they resolve on first use.
type plan struct {
	typ  reflect.Type
	cat  category
	kind reflect.Kind
	err  error // not nil: values of this type never convert

	// elem is the target of a pointer, or the element of a list or dictionary.
	elem  typeRef
	items access.Elem // of a slice
	// needsScan: a list or dictionary whose values may hold a cycle or variables, by its type.
	needsScan bool

	// shape is that of values and of the program's pointers to them; borrowed that of pointers made by this package, or
	// 0 where values have to be copied instead.
	shape, borrowed int

	access  access.Type // of instances
	fields  map[string]*field
	methods map[string]*method
	reads   map[string]*binding // fields and methods that accessors stand for
	calls   map[string]*binding
	order   ordering
	// reflexive: deep equality of a value with itself needs no look at it.
	reflexive bool

	layout atomic.Pointer[wam.Plan] // see classes.layout
}

// standsIn reports whether a pointer to an instance may stand for it. Of kinds that are pointers themselves a copy costs nothing.
func (p *plan) standsIn() bool {
	return p.borrowed != 0 && p.kind != reflect.Func && p.kind != reflect.Chan && p.kind != reflect.UnsafePointer
}

// typeRef is a type whose plan is found on first use: plans of all reachable types would be too many to make at once.
type typeRef struct {
	typ  reflect.Type
	plan atomic.Pointer[plan]
}

func (r *typeRef) get(c *classes) *plan {
	if p := r.plan.Load(); p != nil {
		return p
	}
	p := c.planOf(r.typ)
	r.plan.Store(p)
	return p
}

// field is an exported field, perhaps promoted.
type field struct {
	way    access.Field
	direct bool  // way leads there; else index does, through embedded pointers
	index  []int // path from the struct, as in reflect.Value.FieldByIndex
	typeRef
}

// method is an exported method of T or *T.
type method struct {
	name     string
	value    int // index in the method set of T, -1 if only *T has it
	pointer  int // index in the method set of *T
	fn       signature
	receiver reflect.Type // T
}

// signature is the parameter and result types of a method or constructor, the receiver left out.
type signature struct {
	params   []reflect.Type
	variadic bool
	context  bool // a context.Context comes first; it is not in params
	results  []*typeRef
}

// ordering is how values of a type compare, beyond deep equality.
type ordering struct {
	comparer        bool // interfaces.Comparer on the value
	pointerComparer bool // interfaces.Comparer on the pointer only
	equal           *method
	before          *method
	compare         *method
}

var (
	contextType    = reflect.TypeFor[context.Context]()
	errorType      = reflect.TypeFor[error]()
	boolType       = reflect.TypeFor[bool]()
	intType        = reflect.TypeFor[int]()
	anyType        = reflect.TypeFor[any]()
	comparerType   = reflect.TypeFor[interfaces.Comparer]()
	iteratorType   = reflect.TypeFor[interfaces.Iterator]()
	variableType   = reflect.TypeFor[types.Variable]()
	expressionType = reflect.TypeFor[types.Expression]()
)

// wireTypes are the types taken as terms in their wire form.
var wireTypes = map[reflect.Type]bool{
	reflect.TypeFor[types.Term]():                  true,
	reflect.TypeFor[types.Value]():                 true,
	reflect.TypeFor[types.ValueNumber]():           true,
	reflect.TypeFor[types.ValueString]():           true,
	reflect.TypeFor[types.ValueBoolean]():          true,
	reflect.TypeFor[types.ValueExternalInstance](): true,
	reflect.TypeFor[types.ValueDictionary]():       true,
	reflect.TypeFor[types.ValuePattern]():          true,
	reflect.TypeFor[types.ValueCall]():             true,
	reflect.TypeFor[types.ValueList]():             true,
	reflect.TypeFor[types.ValueVariable]():         true,
	reflect.TypeFor[types.ValueRestVariable]():     true,
	reflect.TypeFor[types.ValueExpression]():       true,
}

// categoryOf tells the category of a type. Only predeclared basic types are numbers, strings and booleans: a named one is
// an instance.
func categoryOf(t reflect.Type) category {
	switch t {
	case variableType:
		return catVariable
	case expressionType:
		return catExpression
	}
	if wireTypes[t] {
		return catWire
	}
	switch t.Kind() {
	case reflect.Pointer:
		return catPointer
	case reflect.Interface:
		return catInterface
	case reflect.Slice, reflect.Array:
		return catList
	case reflect.Map:
		return catDict
	}
	if t.PkgPath() != "" {
		return catInstance
	}
	switch t.Kind() {
	case reflect.Bool:
		return catBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return catInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return catUint
	case reflect.Float32, reflect.Float64:
		return catFloat
	case reflect.String:
		return catString
	}
	return catInstance
}

// newPlan works out the plan of a type. The shapes of instances are the caller's to set.
func newPlan(t reflect.Type) *plan {
	p := &plan{typ: t, cat: categoryOf(t), kind: t.Kind()}
	switch p.cat {
	case catPointer:
		p.elem.typ = t.Elem()
		p.err = neverConverts(t)
		p.needsScan = mayNeedScan(t)
	case catList, catDict:
		p.elem.typ = t.Elem()
		p.items = access.ElemOf(t.Elem())
		p.err = neverConverts(t)
		p.needsScan = mayNeedScan(t)
	case catInstance:
		p.access = access.TypeOf(t)
		p.fields = fieldsOf(t)
		p.methods = methodsOf(t)
		p.order = orderingOf(t, p.methods)
		p.reflexive = isReflexive(t)
	}
	return p
}

func fieldsOf(t reflect.Type) map[string]*field {
	if t.Kind() != reflect.Struct {
		return nil
	}
	fields := map[string]*field{}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() {
			way, direct := access.FieldOf(t, f.Index)
			fields[f.Name] = &field{way: way, direct: direct, index: f.Index, typeRef: typeRef{typ: f.Type}}
		}
	}
	return fields
}

func methodsOf(t reflect.Type) map[string]*method {
	methods := map[string]*method{}
	pointer := reflect.PointerTo(t)
	for i := range pointer.NumMethod() {
		pm := pointer.Method(i)
		m := &method{name: pm.Name, value: -1, pointer: i, receiver: t}
		if vm, ok := t.MethodByName(pm.Name); ok {
			m.value = vm.Index
		}
		m.fn = signatureOf(pm.Type, 1)
		methods[pm.Name] = m
	}
	return methods
}

// signatureOf describes a func type, its first skip parameters left out.
func signatureOf(fn reflect.Type, skip int) signature {
	s := signature{variadic: fn.IsVariadic()}
	if skip < fn.NumIn() && fn.In(skip) == contextType {
		s.context = true
		skip++
	}
	for i := skip; i < fn.NumIn(); i++ {
		s.params = append(s.params, fn.In(i))
	}
	for i := range fn.NumOut() {
		s.results = append(s.results, &typeRef{typ: fn.Out(i)})
	}
	return s
}

// orderingOf finds how values of a type compare: Comparer first, else Equal, Before and Compare over the type's own values, as
// time.Time and netip.Addr have them.
func orderingOf(t reflect.Type, methods map[string]*method) ordering {
	var o ordering
	switch {
	case t.Implements(comparerType):
		o.comparer = true
		return o
	case reflect.PointerTo(t).Implements(comparerType):
		o.pointerComparer = true
		return o
	}
	own := func(name string, result reflect.Type) *method {
		m := methods[name]
		if m == nil || m.fn.context || m.fn.variadic || len(m.fn.params) != 1 || len(m.fn.results) != 1 || m.fn.results[0].typ != result {
			return nil
		}
		if param := m.fn.params[0]; param != t && param != reflect.PointerTo(t) {
			return nil
		}
		return m
	}
	o.equal = own("Equal", boolType)
	o.before = own("Before", boolType)
	o.compare = own("Compare", intType)
	return o
}

// isReflexive reports whether every value of a type is deeply equal to itself: it holds, outside of pointers, slices and
// maps (which equal themselves by identity), no func, float or interface.
func isReflexive(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Func, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.Interface:
		return false
	case reflect.Array:
		return isReflexive(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isReflexive(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}
