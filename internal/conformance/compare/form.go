package main

import (
	"maps"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/conformance"
)

// form is an answer taken apart, so that repairs can change one thing and the rest still has to agree.
type form struct {
	loadError, err *conformance.Failure
	results        []facts
	noQuery        bool
	truncated      bool
	printed        []string
	warnings       string
}

// facts are what one result says: a value or a condition for each of its variables, with _this replaced by the variable's
// own name. Variables that are equal are one, under the first of their names.
type facts struct {
	class map[string]string // variable to the one that stands for it
	facts []tree            // without those between equal variables, each once
}

// tree is an answer's text, bracketed.
type tree struct {
	leaf  string // a token, if it is no group
	open  string // "(", "[", "{" or "" for several values beside each other
	items []tree
}

var (
	tokens        = regexp.MustCompile(`<class \w+>|"(?:[^"\\]|\\.)*"|[()\[\]{}]|,|[^\s()\[\]{},"]+`)
	generatedName = regexp.MustCompile(`\?_\d+`)
	hiddenName    = regexp.MustCompile(`^\?_\d+$`)
	printedName   = regexp.MustCompile(`\b_(?:[A-Za-z_]\w*_)?\d+\b`)
)

func newForm(a *conformance.Answer) *form {
	f := &form{loadError: a.LoadError, err: a.Error, noQuery: a.Results == nil, truncated: a.Truncated}
	var warnings []string
	for _, m := range a.Messages {
		if m.Kind == "Print" {
			f.printed = append(f.printed, printedName.ReplaceAllString(m.Message, "_"))
			continue
		}
		at := ""
		if len(m.At) == 2 {
			at = strconv.Itoa(m.At[0]) + ":" + strconv.Itoa(m.At[1])
		}
		warnings = append(warnings, m.Code+" "+at)
	}
	slices.Sort(warnings)
	f.warnings = strings.Join(warnings, "\n")
	for _, r := range a.Results {
		f.results = append(f.results, newFacts(r))
	}
	return f
}

// equal reports whether an answer of the other engine says the same as ours. One that was cut off at the limit, and has lost
// results to a repair, is compared as far as it goes.
func (f *form) equal(ours *form) bool {
	if n := len(f.results); f.truncated && n < len(ours.results) {
		return slices.EqualFunc(f.results, ours.results[:n], facts.equal)
	}
	return sameFailure(f.loadError, ours.loadError) && sameFailure(f.err, ours.err) && f.noQuery == ours.noQuery &&
		f.truncated == ours.truncated && slices.Equal(f.printed, ours.printed) && f.warnings == ours.warnings &&
		slices.EqualFunc(f.results, ours.results, facts.equal)
}

func sameFailure(a, b *conformance.Failure) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && (slices.Equal(a.At, b.At) || a.Kind == "RuntimeError::TypeError")
}

func parse(s string) tree {
	stack := []tree{{}}
	for _, t := range tokens.FindAllString(s, -1) {
		switch t {
		case "(", "[", "{":
			stack = append(stack, tree{open: t})
		case ")", "]", "}":
			if len(stack) > 1 {
				last := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				stack[len(stack)-1].items = append(stack[len(stack)-1].items, last)
			}
		default:
			stack[len(stack)-1].items = append(stack[len(stack)-1].items, tree{leaf: t})
		}
	}
	if top := stack[0]; len(top.items) == 1 {
		return top.items[0]
	}
	return stack[0]
}

func (t tree) String() string {
	if t.leaf != "" {
		return t.leaf
	}
	parts := make([]string, len(t.items))
	for i, x := range t.items {
		parts[i] = x.String()
	}
	return t.open + strings.Join(parts, " ") + map[string]string{"(": ")", "[": "]", "{": "}"}[t.open]
}

// op returns an expression's operator and arguments.
func (t tree) op() (string, []tree) {
	if t.open == "(" && len(t.items) > 0 {
		return t.items[0].leaf, t.items[1:]
	}
	return "", nil
}

func expr(op string, args ...tree) tree {
	return tree{open: "(", items: append([]tree{{leaf: op}}, args...)}
}

func (t tree) isVariable() bool { return strings.HasPrefix(t.leaf, "?") }

// replace applies f to every leaf.
func (t tree) replace(f func(string) string) tree {
	if t.leaf != "" {
		return tree{leaf: f(t.leaf)}
	}
	items := make([]tree, len(t.items))
	for i, x := range t.items {
		items[i] = x.replace(f)
	}
	return tree{open: t.open, items: items}
}

// newFacts takes a result apart.
func newFacts(r map[string]string) facts {
	var all []tree
	for _, name := range slices.Sorted(maps.Keys(r)) {
		self := "?" + name
		t := parse(r[name]).replace(func(leaf string) string {
			switch leaf {
			case "?_this":
				return self
			case "?nil":
				return "nil" // a constant the reference has not looked at
			}
			return leaf
		})
		if op, args := t.op(); op == "And" {
			all = append(all, args...) // an empty condition says as much as an unbound variable
			continue
		}
		all = append(all, expr("Unify", tree{leaf: self}, t))
	}
	return arrange(all)
}

// arrange makes equal variables one and brings the facts into one order.
func arrange(all []tree) facts {
	f := facts{class: map[string]string{}}
	for _, t := range flatten("And", all) {
		if op, args := t.op(); op == "Unify" && len(args) == 2 && args[0].isVariable() && args[1].isVariable() {
			f.join(args[0].leaf, args[1].leaf)
		}
	}
	seen := map[string]bool{}
	for _, t := range flatten("And", all) {
		t = order(t.replace(f.name))
		op, args := t.op()
		if (op == "Unify" || op == "Eq") && len(args) == 2 && args[0].String() == args[1].String() {
			continue
		}
		if text := t.String(); !seen[text] {
			seen[text] = true
			f.facts = append(f.facts, t)
		}
	}
	sortTrees(f.facts)
	return f
}

// name returns the variable that stands for a variable, or any other leaf unchanged.
func (f *facts) name(leaf string) string {
	for f.class[leaf] != "" {
		leaf = f.class[leaf]
	}
	return leaf
}

// join makes two variables one. Names a source wrote come before generated ones.
func (f *facts) join(a, b string) {
	a, b = f.name(a), f.name(b)
	if a == b {
		return
	}
	if hiddenName.MatchString(a) && !hiddenName.MatchString(b) || hiddenName.MatchString(a) == hiddenName.MatchString(b) && b < a {
		a, b = b, a
	}
	f.class[b] = a
}

func flatten(op string, all []tree) (out []tree) {
	for _, t := range all {
		if o, args := t.op(); o == op {
			out = append(out, flatten(op, args)...)
			continue
		}
		out = append(out, t)
	}
	return out
}

// order brings equivalent expressions to one form.
func order(t tree) tree {
	if t.leaf != "" {
		return t
	}
	items := make([]tree, len(t.items))
	for i, x := range t.items {
		items[i] = order(x)
	}
	t = tree{open: t.open, items: items}
	op, args := t.op()
	switch op {
	case "Gt", "Geq":
		if len(args) == 2 {
			return expr(map[string]string{"Gt": "Lt", "Geq": "Leq"}[op], args[1], args[0])
		}
	case "Unify", "Eq", "Neq":
		args = slices.Clone(args)
		sortTrees(args)
		return expr(op, args...)
	case "And", "Or":
		args = slices.Clone(flatten(op, args))
		sortTrees(args)
		args = slices.CompactFunc(args, func(a, b tree) bool { return a.String() == b.String() })
		if len(args) == 1 {
			return args[0]
		}
		return expr(op, args...)
	}
	return t
}

// sortTrees sorts by text; generated names count alike.
func sortTrees(ts []tree) {
	sort.SliceStable(ts, func(i, j int) bool { return blind(ts[i]) < blind(ts[j]) })
}

func blind(t tree) string { return generatedName.ReplaceAllString(t.String(), "?_") }

// equal compares facts, those of the other engine with ours. Its generated names may stand for any variable of ours, several
// for one too: which hidden variable a value shows, and under how many names, is not part of the contract.
func (f facts) equal(g facts) bool {
	if len(f.facts) != len(g.facts) {
		return false
	}
	return sameUpToNames(f.facts, g.facts) || sameUpToNames(byShape(f.facts), byShape(g.facts))
}

// byShape sorts without looking at any variable's name.
func byShape(ts []tree) []tree {
	out := slices.Clone(ts)
	sort.SliceStable(out, func(i, j int) bool { return shape(out[i]) < shape(out[j]) })
	return out
}

func shape(t tree) string {
	return t.replace(func(leaf string) string {
		if strings.HasPrefix(strings.TrimPrefix(leaf, "*"), "?") {
			return "?"
		}
		return leaf
	}).String()
}

func sameUpToNames(a, b []tree) bool {
	names := map[string]string{}
	for i := range a {
		if !sameTree(a[i], b[i], names) {
			return false
		}
	}
	return true
}

func sameTree(a, b tree, names map[string]string) bool {
	if a.leaf != "" || b.leaf != "" {
		if a.leaf == b.leaf && !generatedName.MatchString(a.leaf) {
			return true
		}
		x, y := strings.TrimPrefix(a.leaf, "*"), strings.TrimPrefix(b.leaf, "*")
		if !strings.HasPrefix(x, "?") || !strings.HasPrefix(y, "?") || !hiddenName.MatchString(x) {
			return false
		}
		if names[x] == "" {
			names[x] = y
		}
		return names[x] == y
	}
	if a.open != b.open || len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !sameTree(a.items[i], b.items[i], names) {
			return false
		}
	}
	return true
}
