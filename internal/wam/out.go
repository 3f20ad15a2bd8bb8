package wam

import (
	"slices"
	"strconv"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// maxNodes bounds the nodes copied out of the machine for one result or call of the host: 60 MB of values.
const maxNodes = 1 << 20

// Value copies a term out of the machine, resolved. A term that is cyclic, or too large to copy, is an error.
func (m *Machine) Value(c Cell) (Value, error) {
	m.nodes = 0
	return m.export(c, 0)
}

func (m *Machine) export(c Cell, depth int) (Value, error) {
	if err := m.copied(depth); err != nil {
		return Value{}, err
	}
	c = m.deref(c)
	switch c.Tag() {
	case code.LST, code.CLIST:
		return m.exportList(c, depth)
	case code.SLICE:
		return m.exportSlice(c, depth)
	case code.DICT:
		n := m.dictSize(c)
		d := &Dict{Keys: make([]string, n), Values: make([]Value, n)}
		for i := range n {
			d.Keys[i] = m.text(m.dictKey(c, i))
			v, err := m.export(m.dictValue(c, i), depth+1)
			if err != nil {
				return Value{}, err
			}
			d.Values[i] = v
		}
		return Value{Kind: KindDict, Ref: d}, nil
	}
	return m.valueOf(c), nil
}

// copied counts a node that is being copied.
func (m *Machine) copied(depth int) error {
	if m.nodes++; m.nodes > maxNodes || depth > maxNest {
		return tooLarge()
	}
	if m.nodes&0xfff == 0 && m.look() != ok {
		return m.err
	}
	return nil
}

// exportTo is export into a zero value. What constraints are mostly about is put there part by part.
func (m *Machine) exportTo(v *Value, c Cell, depth int) (err error) {
	switch c = m.deref(c); c.Tag() {
	case code.REF:
		v.Kind, v.N, v.Str = KindVar, uint64(c.Index()), m.varName(c)
	case code.INT:
		v.Kind, v.N = KindInt, uint64(c.Int())
	case code.ATOM, code.STR:
		v.Kind, v.Str = KindString, m.text(c)
	default:
		*v, err = m.export(c, depth)
		return err
	}
	return m.copied(depth)
}

func tooLarge() error {
	return diag.New(diag.StackOverflow, diag.Span{}, "a term is cyclic or too large: it needs more memory than %d nodes, or is nested deeper than %d levels", maxNodes, maxNest)
}

func (m *Machine) exportList(c Cell, depth int) (Value, error) {
	l := &List{}
	for {
		c = m.deref(c)
		switch c.Tag() {
		case code.NIL:
			return Value{Kind: KindList, Ref: l}, nil
		case code.REF:
			l.Rest = m.valueOf(c)
			return Value{Kind: KindList, Ref: l}, nil
		case code.LST, code.CLIST, code.SLICE:
		default: // a rest bound to no list: shown as a last element
			v, err := m.export(c, depth+1)
			l.Items = append(l.Items, v)
			return Value{Kind: KindList, Ref: l}, err
		}
		if c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd {
			if m.nodes++; m.nodes > maxNodes { // a rest of nothing but itself
				return Value{}, tooLarge()
			}
			c = m.part(c.Index() + 1)
			continue
		}
		h, t, _, err := m.headTail(c)
		if err != nil {
			return Value{}, err
		}
		v, err := m.export(h, depth+1)
		if err != nil {
			return Value{}, err
		}
		l.Items = append(l.Items, v)
		c = t
	}
}

// exportSlice gives a host's list back as the host gave it, or what is left of it.
func (m *Machine) exportSlice(c Cell, depth int) (Value, error) {
	n, off := c.Slice()
	if off == 0 {
		return Value{Kind: KindList, Ref: m.sequence(&m.seqs[n])}, nil
	}
	return m.exportList(c, depth)
}

// valueOf returns a value that has no parts; a list or dictionary is copied, and one too large is given as what it is not:
// callers that can fail use Value.
func (m *Machine) valueOf(c Cell) Value {
	switch c.Tag() {
	case code.HOST:
		return m.instance(c)
	case code.INT, code.BIG:
		i, _ := m.integer(c)
		return IntValue(i)
	case code.FLT:
		return FloatValue(m.float(c))
	case code.ATOM, code.STR:
		return StringValue(m.text(c))
	case code.BOOL:
		return BoolValue(c == code.True)
	case code.NIL:
		return Value{Kind: KindList, Ref: &List{}}
	case code.REF:
		return variable(m.varName(c), c.Index())
	}
	v, err := m.Value(c)
	if err != nil {
		m.err = err
	}
	return v
}

// instance returns a host object.
func (m *Machine) instance(c Cell) Value {
	i := c.Index()
	if i&code.PoolBit != 0 {
		return m.snap.Constants[i&^code.PoolBit]
	}
	return Value{Kind: KindInstance, N: uint64(m.shapes[i]), Ref: m.hosts[i]}
}

// varName names an unbound variable: by the query's name for it, else by its address, unless that is to be left to others.
func (m *Machine) varName(c Cell) string {
	hidden := ""
	for i := range m.vars {
		if v := &m.vars[i]; m.deref(v.Cell) == c {
			if !v.hidden() {
				return v.Name
			}
			hidden = v.Name
		}
	}
	if hidden != "" {
		return hidden
	}
	if m.unnamed {
		return ""
	}
	return numberedName(c.Index())
}

// numberedName is the name of a variable that has none.
func numberedName(n int) string { return "_" + strconv.Itoa(n) }

// Named returns a variable with a name: its number makes one.
func (v Value) Named() Value {
	if v.Str == "" {
		v.Str = numberedName(int(v.N))
	}
	return v
}

// Result is one variable of a result.
type Result struct {
	Name  string
	Value Value
	// Conj are the constraints on a variable that stayed unbound, Value its name; nil if it has none.
	Conj []Value
}

// Results returns the variables of the result just found that were touched, in order of first appearance. Constraints are made in
// the given memory. A variable of theirs that the query does not name has no name, only a number.
func (m *Machine) Results(into []Result, mem *Exprs) ([]Result, error) {
	m.nodes = 0
	if err := m.unhandled(); err != nil {
		return into, err
	}
	for i, q := range m.vars {
		if q.hidden() {
			continue
		}
		c := m.deref(q.Cell)
		r := Result{Name: q.Name}
		if c.Tag() == code.REF {
			switch m.h[c.Index()].Tag() {
			case code.REF:
				continue
			case code.ATT:
				r.Value = VarValue(q.Name)
				conj, err := m.conjunction(c, mem)
				if err != nil {
					return into, err
				}
				r.Conj = conj
			default:
				r.Value = VarValue(m.alias2(c, i))
			}
			into = append(into, r)
			continue
		}
		v, err := m.export(c, 0)
		if err != nil {
			return into, err
		}
		r.Value = v
		into = append(into, r)
	}
	return into, nil
}

// alias2 names an unbound variable for the i-th query variable: by another query variable it is one with, else by itself.
func (m *Machine) alias2(c Cell, i int) string {
	for k := 1; k < len(m.vars); k++ {
		v := m.vars[(i+k)%len(m.vars)]
		if !v.hidden() && m.deref(v.Cell) == c {
			return v.Name
		}
	}
	return m.vars[i].Name
}

// conjunction returns the live constraints of a variable's group, with the equations between query variables that are one.
func (m *Machine) conjunction(c Cell, mem *Exprs) ([]Value, error) {
	store := m.store(m.groupOf(c.Index()))
	out := m.equations(mem.Args(len(store))[:0], store, mem)
	m.unnamed = true
	defer func() { m.unnamed = false }()
	for _, x := range store {
		if m.settled(int(x)) {
			continue
		}
		if m.conOp(int(x)) == code.Nand { // the simplifier must see which variables are not the negation's own
			for _, v := range m.varsOf(nil, m.outerArgs(int(x))...) {
				o := m.valueOf(code.Make(code.REF, v))
				out = append(out, mem.Apply("Unify", 0, o, o))
			}
		}
		e, err := m.exportConstraint(int(x), 0, mem)
		if err != nil {
			return nil, err
		}
		out = append(out, e.Value())
	}
	return out, nil
}

// equations appends the equations between query variables that are one, for the variables that the constraints mention.
func (m *Machine) equations(out []Value, store []Cell, mem *Exprs) []Value {
	if !m.sharedNames() {
		return out
	}
	done := map[int]bool{}
	for _, x := range store {
		for _, v := range m.varsOf(nil, m.outerArgs(int(x))...) {
			if done[v] {
				continue
			}
			done[v] = true
			prev := ""
			for i := range m.vars {
				if q := &m.vars[i]; m.shows(q, v) {
					if prev != "" {
						out = append(out, mem.Apply("Unify", 0, variable(prev, v), variable(q.Name, v)))
					}
					prev = q.Name
				}
			}
		}
	}
	return out
}

// sharedNames reports whether two query variables that results show are one unbound variable.
func (m *Machine) sharedNames() bool {
	for i, q := range m.vars {
		d := m.deref(q.Cell)
		if q.hidden() || d.Tag() != code.REF {
			continue
		}
		for k := range m.vars[:i] {
			if m.shows(&m.vars[k], d.Index()) {
				return true
			}
		}
	}
	return false
}

// shows reports whether a query variable is the unbound variable at an address, and results show it.
func (m *Machine) shows(q *queryVar, addr int) bool {
	return !q.hidden() && m.deref(q.Cell) == code.Make(code.REF, addr)
}

func variable(name string, addr int) Value { return Value{Kind: KindVar, Str: name, N: uint64(addr)} }

// outerArgs returns the arguments of a constraint that mention variables of the store: all, or a NAND's outer variables.
func (m *Machine) outerArgs(c int) []Cell {
	args := m.conArgs(c)
	if m.conOp(c) == code.Nand {
		return args[1 : 1+int(args[0])]
	}
	return args
}

func (m *Machine) exportConstraint(c, depth int, mem *Exprs) (*Expr, error) {
	args := m.conArgs(c)
	place := int(m.h[c+1])
	switch op := m.conOp(c); op {
	case code.Nand:
		return m.exportNand(c, depth, mem)
	case code.Isa:
		e := mem.Expr("Isa", 2, 0)
		e.Args[1] = m.classValue(int(args[1].Int()))
		return e, m.exportTo(&e.Args[0], args[0], depth)
	case code.Dot:
		return m.exportDot(args, place, depth, mem)
	default:
		e := mem.Expr(op.String(), len(args), place)
		return e, m.exportAll(e.Args, args, depth)
	}
}

// exportAll exports terms into zero values.
func (m *Machine) exportAll(into []Value, terms []Cell, depth int) error {
	for i, t := range terms {
		if err := m.exportTo(&into[i], t, depth); err != nil {
			return err
		}
	}
	return nil
}

// exportNand exports "not all of these constraints".
func (m *Machine) exportNand(c, depth int, mem *Exprs) (*Expr, error) {
	if depth > maxNest/100 {
		return nil, m.deepError("negations are nested too deep")
	}
	args := m.conArgs(c)
	conds := args[1+int(args[0]):]
	and := mem.Expr("And", len(conds), int(m.h[c+1]))
	for i, x := range conds {
		e, err := m.exportConstraint(x.Index(), depth+1, mem)
		if err != nil {
			return nil, err
		}
		and.Args[i] = e.Value()
	}
	not := mem.Expr("Not", 1, 0)
	not.Args[0] = and.Value()
	return not, nil
}

// exportDot exports a look-up and its value: value = object.key, or with an unbound key the condition (Dot object key value).
func (m *Machine) exportDot(args []Cell, place, depth int, mem *Exprs) (*Expr, error) {
	if m.deref(args[2]).Tag() == code.REF {
		e := mem.Expr("Dot", 3, place)
		if err := m.exportTo(&e.Args[2], args[0], depth); err != nil {
			return nil, err
		}
		return e, m.exportAll(e.Args[:2], args[1:], depth)
	}
	e, dot := mem.Expr("Unify", 2, place), mem.Expr("Dot", 2, place)
	e.Args[1] = dot.Value()
	if err := m.exportTo(&e.Args[0], args[0], depth); err != nil {
		return nil, err
	}
	return e, m.exportAll(dot.Args, args[1:], depth)
}

// classValue returns the pattern of a class.
func (m *Machine) classValue(class int) Value {
	if class < len(m.snap.classes) {
		return Value{Kind: KindPattern, Ref: &m.snap.classes[class]}
	}
	return Value{Kind: KindPattern, Ref: &Pattern{Tag: m.className(class)}}
}

// unhandled looks for constraints that no reported variable is part of: a result cannot show them.
func (m *Machine) unhandled() error {
	last := 0
	for link := m.att; link != 0; link = int(m.h[link+1]) {
		addr := int(m.h[link])
		if m.h[addr].Tag() != code.ATT {
			continue
		}
		g := m.groupOf(addr)
		if g == last { // neighbours mostly share one
			continue
		}
		last = g
		if place, hidden := m.unshown(g); hidden {
			return diag.New(diag.UnhandledPartial, m.place(place).Span, "Found an unhandled partial in the query result: a condition on a variable that no result shows (%s)", m.source(place))
		}
	}
	return nil
}

// unshown reports whether a group has live constraints of which none mentions a reported variable, and the place of the first.
func (m *Machine) unshown(g int) (place int, hidden bool) {
	for _, x := range m.store(g) {
		c := int(x)
		if m.settled(c) {
			continue
		}
		if !hidden {
			place, hidden = int(m.h[c+1]), true
		}
		if m.saysReported(c) {
			return 0, false
		}
		m.scratch = m.varsOf(m.scratch[:0], m.outerArgs(c)...)
		if slices.ContainsFunc(m.scratch, m.reported) {
			return 0, false
		}
	}
	return place, hidden
}

// saysReported reports whether an argument of a constraint is a reported variable.
func (m *Machine) saysReported(c int) bool {
	for _, a := range m.outerArgs(c) {
		if v := m.deref(a); v.Tag() == code.REF && m.reported(v.Index()) {
			return true
		}
	}
	return false
}

func (m *Machine) reported(addr int) bool {
	for i := range m.vars {
		if m.shows(&m.vars[i], addr) {
			return true
		}
	}
	return false
}

// Constrained reports whether the result just found has constraints anywhere.
func (m *Machine) Constrained() bool { return m.att != 0 }
