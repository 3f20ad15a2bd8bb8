package engine

import (
	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
)

// workshop is the memory that a load uses up and nobody needs afterwards: of trees, tables and lists. For a small policy, making it
// would take as long as the rest. An engine keeps it for its next load, as long as the garbage collector leaves it alone. It is for one
// goroutine.
type workshop struct {
	reader   parser.Reader
	rewriter *rewrite.Rewriter
	names    check.Names
	compiler *compiler.Compiler
	forms    forms

	numbers         map[predicate]int32
	defined, called map[string]bool
}

// maxTable bounds the tables that are kept: emptying one takes as long as it was once large.
const maxTable = 1 << 10

// tidy prepares for a load.
func (w *workshop) tidy() {
	if w.numbers == nil || len(w.numbers)+len(w.defined)+len(w.called) > maxTable {
		w.numbers, w.defined, w.called = map[predicate]int32{}, map[string]bool{}, map[string]bool{}
	}
	clear(w.numbers)
	clear(w.defined)
	clear(w.called)
}

// readerOf returns what makes the trees of rules, until the next call.
func (w *workshop) readerOf(rs *rules) *ruleReader {
	names := rs.names()
	if w.rewriter == nil {
		w.rewriter = rewrite.NewRewriter(names)
	}
	w.rewriter.Begin(names)
	w.reader.Forget()
	return &ruleReader{rules: rs, reader: &w.reader, rewriter: w.rewriter}
}

// compilerInto returns a compiler into a program, until the next call.
func (w *workshop) compilerInto(p *code.Program, env *compiler.Env) *compiler.Compiler {
	if w.compiler == nil {
		w.compiler = compiler.New(p, env)
	} else {
		w.compiler.Begin(p, env)
	}
	return w.compiler
}
