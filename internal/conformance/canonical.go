package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/diag"
)

var (
	tokenPattern     = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[()\[\]{}]|,|[^\s()\[\]{},"]+`)
	onlyVariable     = regexp.MustCompile(`^\?\w+$`)
	generatedVar     = regexp.MustCompile(`\?_\d+`)
	generatedPrinted = regexp.MustCompile(`\b_(?:[A-Za-z_]\w*_)?\d+\b`)
)

// Agree reports whether two answers say the same, whatever their wording, the order of equivalent constraints and the
// names of generated variables.
func Agree(a, b *Answer) bool { return Canonical(a) == Canonical(b) }

// Canonical returns a text that two answers share exactly when they agree. It is JSON, fit for showing a disagreement.
func Canonical(a *Answer) string {
	form := struct {
		LoadError *Failure            `json:"load_error,omitempty"`
		Error     *Failure            `json:"error,omitempty"`
		Results   []map[string]string `json:"results,omitzero"`
		Truncated bool                `json:"truncated,omitempty"`
		Printed   []string            `json:"printed"`
		Warnings  []string            `json:"warnings"`
	}{LoadError: canonicalFailure(a.LoadError), Error: canonicalFailure(a.Error), Truncated: a.Truncated,
		Printed: []string{}, Warnings: []string{}}
	if a.Results != nil {
		form.Results = make([]map[string]string, len(a.Results))
	}
	for i, r := range a.Results {
		form.Results[i] = canonicalResult(r)
	}
	for _, m := range a.Messages {
		switch m.Kind {
		case "Print":
			form.Printed = append(form.Printed, generatedPrinted.ReplaceAllString(m.Message, "_"))
		case "Warning":
			form.Warnings = append(form.Warnings, fmt.Sprint(m.Code, " ", m.At))
		}
	}
	slices.Sort(form.Warnings)
	text, _ := json.Marshal(form) // strings and numbers only
	return string(text)
}

// canonicalFailure drops the place of a TypeError: engines differ in which place they name.
func canonicalFailure(f *Failure) *Failure {
	if f != nil && f.Kind == string(diag.TypeError) {
		return &Failure{Kind: f.Kind}
	}
	return f
}

// canonicalResult orders each value and numbers generated variables by first appearance. A value that is only a variable says
// the same as any other.
func canonicalResult(r map[string]string) map[string]string {
	out := make(map[string]string, len(r))
	numbers := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		if onlyVariable.MatchString(r[name]) {
			out[name] = "?"
			continue
		}
		out[name] = generatedVar.ReplaceAllStringFunc(order(parseText(r[name])).text(), func(v string) string {
			if numbers[v] == "" {
				numbers[v] = "?_" + strconv.Itoa(len(numbers)+1)
			}
			return numbers[v]
		})
	}
	return out
}

// node is an answer's text as a tree: a leaf, or a bracketed group.
type node struct {
	leaf  string
	open  string // "(", "[", "{", or "" for the whole text
	items []node
	group bool
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}", "": ""}

// parseText reads an answer's text, which may be unbalanced.
func parseText(s string) node {
	stack := []node{{group: true}}
	reduce := func() {
		last := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		top := &stack[len(stack)-1]
		top.items = append(top.items, last)
	}
	for _, token := range tokenPattern.FindAllString(s, -1) {
		switch token {
		case "(", "[", "{":
			stack = append(stack, node{open: token, group: true})
		case ")", "]", "}":
			if len(stack) > 1 {
				reduce()
			}
		default:
			top := &stack[len(stack)-1]
			top.items = append(top.items, node{leaf: token})
		}
	}
	for len(stack) > 1 {
		reduce()
	}
	return stack[0]
}

func (n node) text() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n node) write(b *strings.Builder) {
	if !n.group {
		b.WriteString(n.leaf)
		return
	}
	b.WriteString(n.open)
	for i, item := range n.items {
		if i > 0 {
			b.WriteByte(' ')
		}
		item.write(b)
	}
	b.WriteString(closing[n.open])
}

// blind is the text without the names of generated variables.
func (n node) blind() string { return generatedVar.ReplaceAllString(n.text(), "?_") }

// operator returns the name of an expression.
func (n node) operator() string {
	if n.group && n.open == "(" && len(n.items) > 0 {
		return n.items[0].leaf
	}
	return ""
}

// order brings an expression to one form: > becomes <, the sides of equalities are sorted, nested And and Or are flattened, their
// members kept once and sorted.
func order(n node) node {
	if !n.group {
		return n
	}
	items := make([]node, len(n.items))
	for i, item := range n.items {
		items[i] = order(item)
	}
	n.items = items
	op := n.operator()
	if op == "" {
		return n
	}
	args := items[1:]
	switch op {
	case "Gt", "Geq":
		if len(args) == 2 {
			flipped := map[string]string{"Gt": "Lt", "Geq": "Leq"}[op]
			n.items = []node{{leaf: flipped}, args[1], args[0]}
		}
	case "Unify", "Eq", "Neq":
		if len(args) == 2 {
			sortBlind(args)
		}
	case "And", "Or":
		args = members(op, args)
		if len(args) == 1 && op == "Or" {
			return args[0]
		}
		n.items = append([]node{{leaf: op}}, args...)
	}
	return n
}

// members flattens, keeps equal members once and sorts.
func members(op string, args []node) []node {
	var flat []node
	seen := map[string]bool{}
	add := func(n node) {
		if text := n.text(); !seen[text] {
			seen[text] = true
			flat = append(flat, n)
		}
	}
	for _, a := range args {
		if a.operator() == op {
			for _, m := range a.items[1:] {
				add(m)
			}
			continue
		}
		add(a)
	}
	sortBlind(flat)
	return flat
}

func sortBlind(ns []node) {
	keys := make(map[string]string, len(ns)) // text to blind text
	for _, n := range ns {
		keys[n.text()] = n.blind()
	}
	sort.SliceStable(ns, func(i, j int) bool { return keys[ns[i].text()] < keys[ns[j].text()] })
}
