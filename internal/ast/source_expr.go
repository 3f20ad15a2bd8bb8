package ast

import "unicode/utf8"

// expr prints an operator with its operands, in parentheses if it binds less tightly than loosest.
func (p *sourcePrinter) expr(e *Expr, loosest int, print printFunc) {
	if len(e.Args) == 1 && (e.Op == And || e.Op == Or) {
		print(e.Args[0], loosest) // made by rewriting: a junction of one
		return
	}
	if sourceLevel(e) < loosest {
		p.WriteByte('(')
		defer p.WriteByte(')')
	}
	switch e.Op {
	case Cut:
		p.WriteString("cut")
	case Print:
		p.arguments("print", e.Args, print)
	case Debug:
		p.arguments("debug", e.Args, print)
	case ForAll:
		p.WriteString("forall(")
		for i, t := range e.Args {
			p.separate(i)
			p.condition(t, 1, print)
		}
		p.WriteByte(')')
	case Not:
		p.WriteString("not ")
		for _, t := range e.Args {
			p.condition(t, level[Unify], print)
		}
	case And, Or:
		p.junction(e, print)
	case New:
		p.construction(e, print)
	case Dot:
		p.lookup(e, print)
	default:
		p.infix(e, print)
	}
}

// sourceLevel is the level of e as the source printer writes it.
func sourceLevel(e *Expr) int {
	switch {
	case len(e.Args) == 0 && (e.Op == And || e.Op == Or):
		return level[New] // true or false
	case e.Op == Dot && !isLookup(e), e.Op == In && !isInfixIn(e):
		return level[New] // prefix form
	case len(e.Args) == 3 && level[e.Op] > level[Unify] && e.Op != Dot && e.Op != New:
		return level[Unify] // an operation with its result
	}
	return level[e.Op]
}

// condition prints a term where a logical expression must stand.
func (p *sourcePrinter) condition(t Term, loosest int, print printFunc) {
	if e, ok := t.(*Expr); ok && e.Op == New {
		p.arguments("new ", e.Args, print) // "new C()" would be a value
		return
	}
	print(t, loosest)
}

func (p *sourcePrinter) junction(e *Expr, print printFunc) {
	switch {
	case len(e.Args) == 0 && e.Op == And:
		p.WriteString("true")
	case len(e.Args) == 0:
		p.WriteString("false")
	}
	for i, t := range e.Args {
		if i > 0 {
			p.WriteString(" " + symbol[e.Op] + " ")
		}
		p.condition(t, level[e.Op]+1, print)
	}
}

func (p *sourcePrinter) construction(e *Expr, print printFunc) {
	if len(e.Args) == 1 {
		if c, ok := e.Args[0].(*Call); ok {
			p.WriteString("new ")
			p.call(c)
			return
		}
	}
	p.arguments("new ", e.Args, print)
}

// lookup prints a chain of lookups, or the prefix form where what is looked into is no value.
func (p *sourcePrinter) lookup(e *Expr, print printFunc) {
	if !isLookup(e) {
		p.arguments(".", e.Args, print)
		return
	}
	var chain []*Expr
	object := Term(e)
	for {
		e, ok := object.(*Expr)
		if !ok || !hasSelector(e) {
			break
		}
		chain = append(chain, e)
		object = e.Args[0]
	}
	switch object.(type) {
	case *Int, *Float: // the dot would be read as part of the number
		p.WriteByte('(')
		print(object, level[Dot])
		p.WriteByte(')')
	default:
		print(object, level[Dot])
	}
	for i := len(chain) - 1; i >= 0; i-- {
		p.selector(chain[i].Args[1])
	}
}

func (p *sourcePrinter) selector(key Term) {
	p.WriteByte('.')
	switch key := key.(type) {
	case *String:
		if isPlainName(key.Value) {
			p.WriteString(key.Value)
		} else {
			p.WriteString("(" + Quote(key.Value) + ")")
		}
	case *Var:
		p.WriteString("(" + key.Name + ")")
	case *Call:
		p.call(key)
	}
}

// isPlainName reports whether a key can stand behind a dot as it is. It need not know all names: the others
// stand in quotes.
func isPlainName(key string) bool {
	switch key {
	case "", "mod", "rem", "isa", "true", "false", "inf", "nan":
		return false
	}
	for i := range len(key) {
		c := key[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// hasSelector reports whether e can be written with a dot, if its object is a value.
func hasSelector(e *Expr) bool {
	if e.Op != Dot || len(e.Args) != 2 {
		return false
	}
	switch e.Args[1].(type) {
	case *String, *Var, *Call:
		return true
	}
	return false
}

// isLookup reports whether e can be written with a dot.
func isLookup(e *Expr) bool {
	for {
		if !hasSelector(e) {
			return false
		}
		inner, ok := e.Args[0].(*Expr)
		if !ok || inner.Op != Dot {
			return isValue(e.Args[0])
		}
		e = inner
	}
}

func isInfixIn(e *Expr) bool { return len(e.Args) == 2 && isValue(e.Args[0]) && isValue(e.Args[1]) }

// isValue reports whether the grammar lets t stand where a value must.
func isValue(t Term) bool {
	switch t := t.(type) {
	case *Call:
		return false
	case *Expr:
		switch t.Op {
		case Dot:
			return isLookup(t)
		case New:
			if len(t.Args) != 1 {
				return false
			}
			_, ok := t.Args[0].(*Call)
			return ok
		case Mul, Div, Mod, Rem, Add, Sub:
			return len(t.Args) == 2
		}
		return false
	}
	return true
}

// infix prints a binary operator, with the result that rewriting may have given it.
func (p *sourcePrinter) infix(e *Expr, print printFunc) {
	if len(e.Args) < 2 || len(e.Args) > 3 || e.Op == In && !isInfixIn(e) {
		p.arguments(symbol[e.Op]+" ", e.Args, print)
		return
	}
	own := level[e.Op]
	print(e.Args[0], own)
	p.WriteString(" " + symbol[e.Op] + " ")
	if e.Op == Isa {
		p.pattern(e.Args[1])
	} else {
		print(e.Args[1], own+1)
	}
	for _, result := range e.Args[2:] {
		p.WriteString(" = ")
		print(result, own+1)
	}
}
