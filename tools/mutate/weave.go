package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// change is one way to change one place.
type change struct {
	File         string // relative to the root
	Line, Column int
	Kind         string // gremlins' word, or one of this command's own
	Instead      string // the operator or the word that stands there then
	How          how
	ID           int // if it is woven
}

// how a change is tested.
type how string

const (
	woven    how = "woven"
	apart    how = "apart"     // it cannot be woven, a constant for example: it is compiled by itself
	hopeless how = "not valid" // it does not compile
)

// kinds are the changes gremlins makes to operators and keywords.
var kinds = map[string]map[token.Token]token.Token{
	"ARITHMETIC_BASE":       {token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL},
	"INVERT_NEGATIVES":      {token.SUB: token.ADD},
	"CONDITIONALS_BOUNDARY": {token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR},
	"CONDITIONALS_NEGATION": {
		token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
	},
	"INCREMENT_DECREMENT": {token.INC: token.DEC, token.DEC: token.INC},
	"INVERT_LOGICAL":      {token.LAND: token.LOR, token.LOR: token.LAND},
	"INVERT_LOOPCTRL":     {token.BREAK: token.CONTINUE, token.CONTINUE: token.BREAK},
	"INVERT_BITWISE": {
		token.AND: token.OR, token.OR: token.AND, token.XOR: token.AND, token.AND_NOT: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
	},
	"INVERT_ASSIGNMENTS": {
		token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN, token.MUL_ASSIGN: token.QUO_ASSIGN, token.QUO_ASSIGN: token.MUL_ASSIGN,
	},
	"INVERT_BWASSIGN": {
		token.AND_ASSIGN: token.OR_ASSIGN, token.OR_ASSIGN: token.AND_ASSIGN, token.XOR_ASSIGN: token.AND_ASSIGN,
		token.AND_NOT_ASSIGN: token.AND_ASSIGN, token.SHL_ASSIGN: token.SHR_ASSIGN, token.SHR_ASSIGN: token.SHL_ASSIGN,
	},
	"REMOVE_SELF_ASSIGNMENTS": {
		token.ADD_ASSIGN: token.ASSIGN, token.SUB_ASSIGN: token.ASSIGN, token.MUL_ASSIGN: token.ASSIGN, token.QUO_ASSIGN: token.ASSIGN,
		token.REM_ASSIGN: token.ASSIGN, token.AND_ASSIGN: token.ASSIGN, token.OR_ASSIGN: token.ASSIGN, token.XOR_ASSIGN: token.ASSIGN,
		token.AND_NOT_ASSIGN: token.ASSIGN, token.SHL_ASSIGN: token.ASSIGN, token.SHR_ASSIGN: token.ASSIGN,
	},
}

// opposites are names that stand for opposite answers; "ok" and "fail" are those of the machine.
var opposites = map[string]string{"true": "false", "false": "true", "ok": "fail", "fail": "ok"}

// weaver writes a program that contains all changes at once; the environment says which of them is made.
type weaver struct {
	set     *token.FileSet
	info    *types.Info
	pkg     *types.Package
	changes []change

	// of the file at hand
	name   string
	src    []byte
	tree   *ast.File
	negate map[ast.Expr]int  // conditions to negate, by change
	swap   map[ast.Expr]int  // words to exchange, by change
	header map[ast.Stmt]bool // statements where only a simple one may stand
	loops  []ast.Node        // loops and functions around
}

// parseForTypes parses the files of a package and finds their types.
func (w *weaver) parseForTypes(path string, names []string, sources [][]byte, imp types.Importer) ([]*ast.File, error) {
	var trees []*ast.File
	for i, name := range names {
		tree, err := parser.ParseFile(w.set, name, sources[i], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
	}
	w.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: imp}).Check(path, w.set, trees, w.info)
	w.pkg = pkg
	return trees, err
}

// file weaves the changes into one file.
func (w *weaver) file(name string, src []byte, tree *ast.File) string {
	w.name, w.src, w.tree = name, src, tree
	w.negate, w.swap, w.header = map[ast.Expr]int{}, map[ast.Expr]int{}, map[ast.Stmt]bool{}
	from := w.set.Position(tree.Package).Offset
	return string(src[:from]) + w.text(tree)
}

func (w *weaver) raw(n ast.Node) string {
	return string(w.src[w.offset(n.Pos()):w.offset(n.End())])
}

func (w *weaver) offset(p token.Pos) int { return w.set.Position(p).Offset }

// text writes a node; the changes are in what it consists of.
func (w *weaver) text(n ast.Node) string {
	var b strings.Builder
	at := w.offset(n.Pos())
	end := w.offset(n.End())
	if f, isFile := n.(*ast.File); isFile {
		at, end = w.offset(f.Package), len(w.src)
	}
	ast.Inspect(n, func(c ast.Node) bool {
		if c == nil || c == n {
			return true
		}
		if _, isComment := c.(*ast.CommentGroup); isComment {
			return false
		}
		s, done := w.site(c)
		if !done {
			return true
		}
		b.Write(w.src[at:w.offset(c.Pos())])
		b.WriteString(s)
		at = w.offset(c.End())
		return false
	})
	b.Write(w.src[at:end])
	return b.String()
}

// full writes a node that may be a place itself.
func (w *weaver) full(n ast.Node) string {
	if s, done := w.site(n); done {
		return s
	}
	return w.text(n)
}

// add notes a change and returns its number.
func (w *weaver) add(pos token.Pos, kind, instead string, h how) int {
	p := w.set.Position(pos)
	c := change{File: w.name, Line: p.Line, Column: p.Column, Kind: kind, Instead: instead, How: h, ID: -1}
	if h == woven {
		c.ID = len(w.changes)
	}
	w.changes = append(w.changes, c)
	return len(w.changes) - 1
}

// token notes gremlins' changes of an operator. Two kinds that put the same in its place are one to the tests.
func (w *weaver) token(pos token.Pos, tok token.Token, h func(instead token.Token) how) map[token.Token]int {
	ids := map[token.Token]int{}
	for _, kind := range sortedKinds {
		instead, found := kinds[kind][tok]
		if !found {
			continue
		}
		id := w.add(pos, kind, instead.String(), h(instead))
		if w.changes[id].How == woven {
			if same, has := ids[instead]; has {
				w.changes[id].ID = same
			} else {
				ids[instead] = id
			}
		}
	}
	return ids
}

var sortedKinds = func() []string {
	var list []string
	for k := range kinds {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}()

// site writes a node that is itself a place of changes, or says that it is not.
func (w *weaver) site(n ast.Node) (string, bool) {
	if x, isExpr := n.(ast.Expr); isExpr {
		if id, marked := w.negate[x]; marked {
			delete(w.negate, x)
			return fmt.Sprintf("mutNot(%d, %s)", id, w.full(x)), true
		}
		if id, marked := w.swap[x]; marked {
			return fmt.Sprintf("mutPick(%d, %s, %s)", id, w.raw(x), w.changes[id].Instead), true
		}
	}
	switch n := n.(type) {
	case *ast.FuncLit:
		return w.within(n), true
	case *ast.FuncDecl:
		return w.within(n), true
	case *ast.ForStmt:
		w.mark(n.Init, n.Post)
		w.condition(n.Cond)
		return w.within(n), true
	case *ast.RangeStmt:
		return w.within(n), true
	case *ast.IfStmt:
		w.mark(n.Init)
		w.condition(n.Cond)
	case *ast.SwitchStmt:
		w.mark(n.Init)
	case *ast.TypeSwitchStmt:
		w.mark(n.Init, n.Assign)
	case *ast.CommClause:
		w.mark(n.Comm)
	case *ast.LabeledStmt:
		w.mark(n.Stmt)
	case *ast.ReturnStmt:
		for _, x := range n.Results {
			w.opposite(x)
		}
	case *ast.BinaryExpr:
		return w.binary(n)
	case *ast.UnaryExpr:
		return w.unary(n)
	case *ast.IncDecStmt:
		return w.incDec(n)
	case *ast.AssignStmt:
		return w.assign(n)
	case *ast.BranchStmt:
		return w.branch(n)
	case *ast.ExprStmt:
		if w.header[n] || w.isPanic(n.X) {
			return "", false
		}
		id := w.add(n.Pos(), "DROP_STATEMENT", "", woven)
		return fmt.Sprintf("if !mutOn(%d) { %s }", id, w.text(n)), true
	}
	return "", false
}

// within writes a loop or a function.
func (w *weaver) within(n ast.Node) string {
	w.loops = append(w.loops, n)
	s := w.text(n)
	w.loops = w.loops[:len(w.loops)-1]
	return s
}

func (w *weaver) mark(list ...ast.Stmt) {
	for _, s := range list {
		if s != nil {
			w.header[s] = true
		}
	}
}

// condition notes that a condition can be negated. Comparisons are left to gremlins.
func (w *weaver) condition(cond ast.Expr) {
	if cond == nil || w.isConstant(cond) {
		return
	}
	if b, isBinary := cond.(*ast.BinaryExpr); isBinary && b.Op != token.LAND && b.Op != token.LOR {
		return
	}
	w.negate[cond] = w.add(cond.Pos(), "NEGATE_CONDITION", "not", woven)
}

// opposite notes that a word stands for an answer, and its opposite could.
func (w *weaver) opposite(x ast.Expr) {
	id, isName := x.(*ast.Ident)
	if !isName || opposites[id.Name] == "" {
		return
	}
	if c, isConst := w.info.Uses[id].(*types.Const); isConst && (c.Pkg() == nil || c.Pkg() == w.pkg && c.Parent() == w.pkg.Scope()) {
		w.swap[x] = w.add(x.Pos(), "SWAP_RESULT", opposites[id.Name], woven)
	}
}

func (w *weaver) isConstant(x ast.Expr) bool { return w.info.Types[x].Value != nil }

func (w *weaver) isPanic(x ast.Expr) bool {
	call, isCall := x.(*ast.CallExpr)
	if !isCall {
		return false
	}
	id, isName := call.Fun.(*ast.Ident)
	return isName && id.Name == "panic"
}

// typeName returns how the type of an expression is written here, "" if it is no number or cannot be written.
func (w *weaver) typeName(x ast.Expr) string {
	t := w.info.Types[x].Type
	if t == nil {
		return ""
	}
	if b, isBasic := t.Underlying().(*types.Basic); !isBasic || b.Info()&types.IsNumeric == 0 || b.Info()&types.IsUntyped != 0 {
		return ""
	}
	unknown := false
	s := types.TypeString(t, func(p *types.Package) string {
		if p == w.pkg {
			return ""
		}
		for _, imp := range w.tree.Imports {
			if strings.Trim(imp.Path.Value, `"`) == p.Path() {
				if imp.Name != nil {
					return imp.Name.Name
				}
				return p.Name()
			}
		}
		unknown = true
		return ""
	})
	if unknown {
		return ""
	}
	return s
}

func (w *weaver) isNumber(x ast.Expr) bool {
	t := w.info.Types[x].Type
	b, isBasic := t.Underlying().(*types.Basic)
	return isBasic && b.Info()&types.IsNumeric != 0
}

func (w *weaver) binary(n *ast.BinaryExpr) (string, bool) {
	switch n.Op {
	case token.LAND, token.LOR:
		ids := w.token(n.OpPos, n.Op, always(woven))
		left := w.add(n.OpPos, "DROP_LEFT_OPERAND", w.raw(n.Y), woven)
		right := w.add(n.OpPos, "DROP_RIGHT_OPERAND", w.raw(n.X), woven)
		name := map[token.Token]string{token.LAND: "mutAnd", token.LOR: "mutOr"}[n.Op]
		return fmt.Sprintf("%s(%d, %d, %d, %s, func() bool { return %s })",
			name, ids[kinds["INVERT_LOGICAL"][n.Op]], left, right, w.full(n.X), w.full(n.Y)), true
	case token.EQL, token.NEQ:
		ids := w.token(n.OpPos, n.Op, always(woven))
		return fmt.Sprintf("mutNot(%d, %s)", ids[kinds["CONDITIONALS_NEGATION"][n.Op]], w.text(n)), true
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		if w.isConstant(n) {
			w.token(n.OpPos, n.Op, always(apart))
			return w.raw(n), true
		}
		return w.either("bool", w.full(n.X), n.Op, w.full(n.Y), w.token(n.OpPos, n.Op, always(woven))), true
	}
	switch typ := w.typeName(n); {
	case !w.isNumber(n):
		w.token(n.OpPos, n.Op, always(hopeless))
		return "", false
	case w.isConstant(n) || typ == "":
		w.token(n.OpPos, n.Op, always(apart))
		return "", false
	default:
		return w.either(typ, w.full(n.X), n.Op, w.full(n.Y), w.token(n.OpPos, n.Op, always(woven))), true
	}
}

func always(h how) func(token.Token) how { return func(token.Token) how { return h } }

// either writes an operation that can be others.
func (w *weaver) either(typ, left string, op token.Token, right string, ids map[token.Token]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "func() %s {", typ)
	for instead, id := range ids {
		fmt.Fprintf(&b, " if mutOn(%d) { return (%s %s %s) };", id, left, instead, right)
	}
	fmt.Fprintf(&b, " return (%s %s %s) }()", left, op, right)
	return b.String()
}

func (w *weaver) unary(n *ast.UnaryExpr) (string, bool) {
	switch typ := w.typeName(n); {
	case n.Op != token.SUB:
		w.token(n.OpPos, n.Op, always(hopeless))
		return "", false
	case w.isConstant(n) || typ == "":
		w.token(n.OpPos, n.Op, always(apart))
		return "", false
	default:
		return w.either(typ, "", n.Op, w.full(n.X), w.token(n.OpPos, n.Op, always(woven))), true
	}
}

func (w *weaver) incDec(n *ast.IncDecStmt) (string, bool) {
	typ := w.typeName(n.X)
	if typ == "" {
		w.token(n.TokPos, n.Tok, always(apart))
		return "", false
	}
	ids := w.token(n.TokPos, n.Tok, always(woven))
	drop := ids[kinds["INCREMENT_DECREMENT"][n.Tok]]
	if !w.header[n] { // a loop that does not count is no news
		drop = w.add(n.Pos(), "DROP_STATEMENT", "", woven)
	}
	op := map[token.Token]string{token.INC: "+=", token.DEC: "-="}[n.Tok]
	return fmt.Sprintf("%s %s %s(mutOne(%d, %d))", w.full(n.X), op, typ, ids[kinds["INCREMENT_DECREMENT"][n.Tok]], drop), true
}

func (w *weaver) assign(n *ast.AssignStmt) (string, bool) {
	if n.Tok == token.DEFINE || n.Tok == token.ASSIGN {
		for _, x := range n.Rhs {
			if id, isName := x.(*ast.Ident); isName && (id.Name == "true" || id.Name == "false") {
				w.opposite(x)
			}
		}
		if n.Tok == token.DEFINE || w.header[n] {
			return "", false
		}
		id := w.add(n.Pos(), "DROP_STATEMENT", "", woven)
		return fmt.Sprintf("if !mutOn(%d) { %s }", id, w.text(n)), true
	}
	if w.header[n] {
		w.token(n.TokPos, n.Tok, always(apart))
		return "", false
	}
	ids := w.token(n.TokPos, n.Tok, func(instead token.Token) how {
		if instead != token.ASSIGN && !w.isNumber(n.Lhs[0]) {
			return hopeless
		}
		return woven
	})
	drop := w.add(n.Pos(), "DROP_STATEMENT", "", woven)
	left, right := w.full(n.Lhs[0]), w.full(n.Rhs[0])
	var b strings.Builder
	fmt.Fprintf(&b, "if mutOn(%d) { } else", drop)
	for instead, id := range ids {
		fmt.Fprintf(&b, " if mutOn(%d) { %s %s %s } else", id, left, instead, right)
	}
	fmt.Fprintf(&b, " { %s %s %s }", left, n.Tok, right)
	return b.String(), true
}

func (w *weaver) branch(n *ast.BranchStmt) (string, bool) {
	if n.Tok != token.BREAK && n.Tok != token.CONTINUE {
		return "", false
	}
	instead := kinds["INVERT_LOOPCTRL"][n.Tok]
	h := hopeless
	if k := len(w.loops) - 1; k >= 0 {
		switch loop := w.loops[k].(type) {
		case *ast.ForStmt:
			h = woven
			if loop.Cond == nil || n.Label != nil {
				h = apart // a new way out may leave a function without a result
			}
		case *ast.RangeStmt:
			h = woven
			if n.Label != nil {
				h = apart
			}
		}
	}
	ids := w.token(n.TokPos, n.Tok, always(h))
	if h != woven {
		return "", false
	}
	return fmt.Sprintf("{ if mutOn(%d) { %s }; %s }", ids[instead], instead, n.Tok), true
}

// helpers is the file that is added to each woven package.
const helpers = `package %s

import (
	"os"
	"strconv"
	"syscall"
)

var mutActive, mutReached = mutStart()

func mutStart() (int, []byte) {
	active := -1
	if n, err := strconv.Atoi(os.Getenv("` + activeEnv + `")); err == nil {
		active = n
	}
	if f, err := os.OpenFile(os.Getenv("` + reachedEnv + `"), os.O_RDWR, 0); err == nil {
		if info, err := f.Stat(); err == nil {
			if reached, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED); err == nil {
				return active, reached
			}
		}
	}
	return active, nil
}

func mutOn(id int) bool {
	if mutReached != nil {
		mutReached[id] = 1
	}
	return mutActive == id
}

func mutNot(id int, v bool) bool { return v != mutOn(id) }

func mutPick[T any](id int, v, instead T) T {
	if mutOn(id) {
		return instead
	}
	return v
}

func mutOne(invert, drop int) int {
	if mutOn(invert) {
		return -1
	}
	if mutOn(drop) {
		return 0
	}
	return 1
}

func mutAnd(or, onlyRight, onlyLeft int, left bool, right func() bool) bool {
	if mutOn(or) {
		return left || right()
	}
	if mutOn(onlyRight) {
		return right()
	}
	if mutOn(onlyLeft) {
		return left
	}
	return left && right()
}

func mutOr(and, onlyRight, onlyLeft int, left bool, right func() bool) bool {
	if mutOn(and) {
		return left && right()
	}
	if mutOn(onlyRight) {
		return right()
	}
	if mutOn(onlyLeft) {
		return left
	}
	return left || right()
}
`

const (
	activeEnv  = "GOSO_MUTANT"
	reachedEnv = "GOSO_MUTANTS_REACHED"
)
