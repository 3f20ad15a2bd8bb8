package code

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// String lists the program: for each predicate its clauses with their code, one instruction a line.
func (p *Program) String() string {
	var b strings.Builder
	l := lister{b: &b, p: p, policy: p}
	if p.Policy != nil {
		l.policy = p.Policy
	}
	if p.Base != 0 {
		l.code(0, len(p.Instrs))
		return b.String()
	}
	ends := p.clauseEnds()
	for _, pr := range p.Preds {
		if len(pr.Clauses) == 0 && pr.Facts == nil && p.former != nil {
			continue // of an earlier policy
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s/%d", pr.Name, pr.Arity)
		if pr.Order == nil && pr.Facts == nil {
			b.WriteString(" (order depends on the arguments)")
		}
		b.WriteByte('\n')
		if pr.Facts != nil {
			l.facts(pr.Facts)
		}
		for _, c := range pr.Clauses {
			fmt.Fprintf(&b, "  clause %d", c.Index+1)
			if pos := p.Entry(c.NameAt).Span.Position(); pos.Line > 0 {
				fmt.Fprintf(&b, " at line %d, column %d", pos.Line, pos.Column)
			}
			b.WriteByte('\n')
			l.code(c.Head(), ends[c.Head()])
		}
	}
	return b.String()
}

// clauseEnds maps the address of each clause to the address after it: clauses stand one after the other.
func (p *Program) clauseEnds() map[int]int {
	heads := slices.Clone(p.gone)
	for _, pr := range p.Preds {
		for _, c := range pr.Clauses {
			heads = append(heads, c.Head())
		}
	}
	slices.Sort(heads)
	ends := map[int]int{}
	for i, h := range heads {
		ends[h] = len(p.Instrs)
		if i+1 < len(heads) {
			ends[h] = heads[i+1]
		}
	}
	return ends
}

type lister struct {
	b         *strings.Builder
	p, policy *Program
}

func (l *lister) code(from, to int) {
	for i := from; i < to; i++ {
		fmt.Fprintf(l.b, "    %5d  %s\n", l.p.Base+i, strings.TrimRight(l.instr(l.p.Instrs[i]), " "))
	}
}

func (l *lister) instr(in Instr) string {
	inf := info[in.Op]
	var args []string
	for _, a := range inf.Args {
		switch a {
		case 'A':
			args = append(args, reg(in.A))
		case 'B':
			args = append(args, reg(in.B))
		case 'C':
			args = append(args, reg(in.C))
		case 'K':
			args = append(args, l.cell(Cell(in.Imm)))
		case 'L', 'N':
			args = append(args, strconv.FormatUint(in.Imm, 10))
		case 'P':
			args = append(args, l.pred(int(in.Imm)))
		case 'T':
			args = append(args, l.template(l.p.Templates[in.Imm]))
		case 'M':
			args = append(args, l.pattern(l.p.Matches[in.Imm].Pattern))
		case 'S':
			args = append(args, l.send(l.p.Sends[in.Imm]))
		case 'Z':
			if in.Imm > 0 && in.Imm <= uint64(len(l.p.Scans)) {
				args = append(args, l.scan(l.p.Scans[in.Imm-1]))
			}
		case 'O':
			if in.A > 0 && int(in.A) <= len(l.p.Hops) {
				args = append(args, l.hop(l.p.Hops[in.A-1]))
			}
		case 'W':
			if in.B != 0 {
				args = append(args, fmt.Sprintf("merged with %d", in.B))
			}
		case 'H':
			args = append(args, l.class(int(in.Imm)))
		case 'U':
			args = append(args, [...]string{"Actor", "Resource"}[in.Imm&1])
		case 'F':
			if text := l.flag(in); text != "" {
				args = append(args, text)
			}
		}
	}
	return fmt.Sprintf("%-14s %s", inf.Name, strings.Join(args, ", "))
}

func (l *lister) flag(in Instr) string {
	switch in.Op {
	case OpCmp, OpCmpK, OpArith, OpArithK:
		return Operator(in.F).Text()
	case OpGetList, OpGetListVal:
		if in.F != 0 {
			return "touch"
		}
		return ""
	case OpIsClass:
		if in.F != 0 {
			return "later"
		}
		return ""
	}
	if in.F == DotClass {
		return "unify and test"
	}
	if in.F != 0 {
		return "assign"
	}
	return "unify"
}

func (l *lister) pred(n int) string {
	if n < len(l.policy.Preds) {
		return l.policy.Preds[n].Name + "/" + strconv.Itoa(l.policy.Preds[n].Arity)
	}
	return "predicate " + strconv.Itoa(n)
}

func (l *lister) class(n int) string {
	classes := l.policy.Classes
	if k := len(classes); n >= k && l.policy != l.p {
		classes, n = l.p.Classes, n-k
	}
	if n >= 0 && n < len(classes) {
		return classes[n]
	}
	return "class " + strconv.Itoa(n)
}

func reg(r int16) string {
	switch {
	case r == NoReg:
		return "_"
	case r >= 0:
		return "X" + strconv.Itoa(int(r))
	}
	return "Y" + strconv.Itoa(-int(r)-1)
}

func (l *lister) cell(c Cell) string {
	switch c.Tag() {
	case INT:
		return strconv.FormatInt(c.Int(), 10)
	case BIG:
		if w, known := l.pool(c.Index() &^ PoolBit); known {
			return strconv.FormatInt(int64(w), 10)
		}
	case FLT:
		if w, known := l.pool(c.Index() &^ PoolBit); known {
			return strconv.FormatFloat(BitsFloat(w), 'g', -1, 64)
		}
	case ATOM:
		if c.Index() < len(l.policy.Atoms) {
			return strconv.Quote(l.policy.Atoms[c.Index()])
		}
	case STR:
		if c.Index() < len(l.p.Strings) {
			return strconv.Quote(l.p.Strings[c.Index()])
		}
	case BOOL:
		return strconv.FormatBool(c == True)
	case NIL:
		return "[]"
	case CLIST:
		return l.list(c.Index())
	case DICT:
		return l.dict(c.Index() &^ PoolBit)
	case HOST:
		if n := c.Index() &^ PoolBit; n < len(l.policy.HostConsts) {
			return l.policy.HostConsts[n]
		}
	}
	return fmt.Sprintf("cell %#x", uint64(c))
}

// pool reads a word of the pool: the policy's, and behind it the query's.
func (l *lister) pool(i int) (word Cell, known bool) {
	pool := l.policy.Pool
	if n := len(pool); i >= n && l.policy != l.p {
		pool, i = l.p.Pool, i-n
	}
	if i < 0 || i >= len(pool) {
		return 0, false
	}
	return pool[i], true
}

// maxListed is how many elements of a constant list a listing shows.
const maxListed = 20

func (l *lister) list(i int) string {
	var items []string
	for ; ; i++ {
		c, known := l.pool(i)
		if known && c == ListEnd {
			break
		}
		if !known || len(items) == maxListed {
			items = append(items, "…")
			break
		}
		items = append(items, l.cell(c))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (l *lister) dict(i int) string {
	size, _ := l.pool(i)
	n := int(size)
	if _, whole := l.pool(i + 2*n); !whole || n < 0 || n > i+2*n {
		return "{…}"
	}
	var items []string
	for k := range n {
		key, _ := l.pool(i + 1 + k)
		value, _ := l.pool(i + 1 + n + k)
		items = append(items, l.cell(key)+": "+l.cell(value))
	}
	return "{" + strings.Join(items, ", ") + "}"
}

func (l *lister) template(t *Template) string {
	switch t.Kind {
	case TConst:
		return l.cell(t.Cell)
	case TVar:
		return t.Label
	case TList:
		var items []string
		for _, x := range t.Items {
			items = append(items, l.template(x))
		}
		if t.Rest != nil {
			items = append(items, "*"+l.template(t.Rest))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var items []string
	for i, x := range t.Items {
		items = append(items, l.cell(t.Keys[i])+": "+l.template(x))
	}
	return "{" + strings.Join(items, ", ") + "}"
}

func (l *lister) pattern(p *Pattern) string {
	switch p.Kind {
	case PTerm, PVar:
		return l.template(p.Term)
	case PList:
		var items []string
		for _, x := range p.Items {
			items = append(items, l.pattern(x))
		}
		if p.Rest != nil {
			items = append(items, "*"+l.template(p.Rest))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var items []string
	for _, f := range p.Fields {
		items = append(items, f.Key+": "+l.pattern(f.Pattern))
	}
	return p.Tag + "{" + strings.Join(items, ", ") + "}"
}

func (l *lister) send(s Send) string {
	var args []string
	for i, r := range s.Args {
		a := reg(r)
		if k := i - (len(s.Args) - len(s.Keys)); k >= 0 {
			a = s.Keys[k] + ": " + a
		}
		args = append(args, a)
	}
	return s.Name + "(" + strings.Join(args, ", ") + ")"
}
