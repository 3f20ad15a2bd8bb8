package engine

import (
	"cmp"
	"slices"
	"sync"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
)

// rules are the rules of a policy but for those in tables of facts. A rule that is written in a source is a place there: its tree
// is made again whenever somebody wants it, which takes less time than the memory for the trees of all rules would.
// It is immutable once a policy has it.
type rules struct {
	preds     []predicate // numbered in the order of their first rules
	written   []writtenRule
	generated []*ast.Rule // rewritten; behind all written ones
	sources   []*diag.Source
	// reserved are the names that a generated variable must not have; nil for none.
	reserved map[string]bool
}

// predicate is what the rules of one name and number of parameters belong to.
type predicate struct {
	name  string
	arity int
}

func predicateOf(r *ast.Rule) predicate { return predicate{r.Name, len(r.Params)} }

// writtenRule is a rule in a source.
type writtenRule struct {
	source, pred int32 // numbers in rules
	start, end   int32
}

func (w writtenRule) place() sourcePlace { return sourcePlace{int(w.source), int(w.start)} }

// sourcePlace orders rules of sources: number of the source, offset in it.
type sourcePlace struct{ source, offset int }

func (a sourcePlace) compare(b sourcePlace) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.offset, b.offset))
}

// len returns the number of rules.
func (rs *rules) len() int { return len(rs.written) + len(rs.generated) }

// predicate returns what a rule belongs to.
func (rs *rules) predicate(i int) predicate {
	if i < len(rs.written) {
		return rs.preds[rs.written[i].pred]
	}
	return predicateOf(rs.generated[i-len(rs.written)])
}

// text returns a written rule as it stands in its source.
func (rs *rules) text(i int) string {
	w := rs.written[i]
	return rs.sources[w.source].Text[w.start:w.end]
}

// nameAt returns the place of a rule's name.
func (rs *rules) nameAt(i int) diag.Span {
	if i >= len(rs.written) {
		return rs.generated[i-len(rs.written)].NameAt
	}
	w := rs.written[i]
	return diag.Span{Source: rs.sources[w.source], Start: int(w.start), End: int(w.start) + len(rs.preds[w.pred].name)}
}

// with returns the rules with more generated ones.
func (rs *rules) with(generated []*ast.Rule) *rules {
	out := *rs
	out.generated = append(slices.Clip(out.generated), generated...)
	return &out
}

// reader returns what makes the trees of the rules.
func (rs *rules) reader() *ruleReader {
	return &ruleReader{rules: rs, reader: &parser.Reader{}, rewriter: rewrite.NewRewriter(rs.names())}
}

// names tells which names generated variables must not have.
func (rs *rules) names() *rewrite.Names {
	if rs.reserved == nil {
		return nil
	}
	return &rewrite.Names{Reserved: func(name string) bool { return rs.reserved[name] }}
}

// ruleReader makes the trees of rules. It is for one goroutine.
type ruleReader struct {
	rules    *rules
	reader   *parser.Reader
	rewriter *rewrite.Rewriter
}

// tree returns the rewritten form of a rule, good until rewind.
func (rd *ruleReader) tree(i int) *ast.Rule {
	if i >= len(rd.rules.written) {
		return rd.rules.generated[i-len(rd.rules.written)]
	}
	return rd.rewriter.Rule(rd.parsed(i))
}

// parsed returns a written rule as parsed, good until rewind. It is nil only if the rule has never been read, and is none.
func (rd *ruleReader) parsed(i int) *ast.Rule {
	w := rd.rules.written[i]
	r, err := rd.reader.RuleAt(rd.rules.sources[w.source], int(w.start))
	if err != nil {
		return nil
	}
	return r
}

// head returns the head of a written rule, good until rewind.
func (rd *ruleReader) head(i int) *ast.Rule {
	w := rd.rules.written[i]
	r, _ := rd.reader.HeadAt(rd.rules.sources[w.source], int(w.start))
	return r
}

// rewind ends the life of all trees made so far.
func (rd *ruleReader) rewind() {
	rd.reader.Rewind()
	rd.rewriter.Rewind()
}

// trees makes the trees of all rules once.
type trees struct {
	once sync.Once
	list []*ast.Rule
}

func (t *trees) of(rs *rules) []*ast.Rule {
	t.once.Do(func() {
		rd := rs.reader()
		t.list = make([]*ast.Rule, rs.len())
		for i := range t.list {
			t.list[i] = rd.tree(i)
		}
	})
	return t.list
}
