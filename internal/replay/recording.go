package replay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Recording is one query of a rule: all that is needed to run it again. It is plain data.
type Recording struct {
	Policy    []Source         `json:"policy"`
	Roles     bool             `json:"roles,omitempty"` // the built-in roles were enabled
	Classes   []Class          `json:"classes"`
	Shapes    []map[string]int `json:"shapes"` // ranks of classes; shape n of a Value is entry n-1, 0 is none
	Constants map[string]Value `json:"constants"`
	Rule      string           `json:"rule"`
	Args      []Value          `json:"args"`
	Questions []Question       `json:"questions"`
	Found     bool             `json:"found"`           // the query had a result
	Error     string           `json:"error,omitempty"` // or ended with this error
}

// Source is a policy text.
type Source struct {
	Name string `json:"name,omitempty"`
	Text string `json:"text"`
}

// Class is a class with those it derives from, itself first.
type Class struct {
	Name      string   `json:"name"`
	Ancestors []string `json:"ancestors"`
}

// The questions a query asks.
const (
	askAttribute = "attribute"
	askMethod    = "method"
	askNew       = "new"
	askIsa       = "isa"
	askPath      = "path"
	askCompare   = "compare"
	askElements  = "elements"
	askNext      = "next" // the next element of those that the question number N was about
)

// Question is a question with its answer: a value or none, yes or no, or an error.
type Question struct {
	Ask      string           `json:"ask"`
	Receiver *Value           `json:"of,omitempty"`
	Name     string           `json:"name,omitempty"`
	Class    string           `json:"class,omitempty"`
	Path     []string         `json:"path,omitempty"`
	Args     []Value          `json:"args,omitempty"`
	Kwargs   map[string]Value `json:"kwargs,omitempty"`
	N        int              `json:"n,omitempty"`

	Answer *Value  `json:"answer,omitempty"`
	Yes    bool    `json:"yes,omitempty"`
	Error  *string `json:"error,omitempty"`
	// Missing: the error says only that there is no such attribute or method.
	Missing bool `json:"missing,omitempty"`
}

// Value is a term. Exactly one of its fields says which, but that Rest goes with List.
type Value struct {
	Bool   *bool             `json:"bool,omitempty"`
	Int    *int64            `json:"int,omitempty"`
	Float  *string           `json:"float,omitempty"`
	Str    *string           `json:"string,omitempty"`
	List   *[]Value          `json:"list,omitempty"`
	Rest   string            `json:"rest,omitempty"` // the variable after the elements of a list
	Dict   *map[string]Value `json:"dict,omitempty"`
	Object *Object           `json:"object,omitempty"`
	Var    *string           `json:"variable,omitempty"`
	Other  string            `json:"other,omitempty"` // a term that is no value
	Error  *string           `json:"error,omitempty"` // an element that cannot be converted
}

// Object is an object of the application. ID is 0 for nil, and negative for one without an identity, passed by value.
type Object struct {
	ID    int    `json:"id"`
	Type  string `json:"type,omitempty"`
	Shape int    `json:"shape,omitempty"`
}

// String returns the question and its answer in one line.
func (q *Question) String() string {
	var b strings.Builder
	switch q.Ask {
	case askAttribute, askMethod:
		fmt.Fprintf(&b, "%s.%s", q.Receiver, q.Name)
	case askNew:
		fmt.Fprintf(&b, "new %s", q.Name)
	case askIsa:
		fmt.Fprintf(&b, "%s matches %s", q.Receiver, q.Name)
	case askPath:
		fmt.Fprintf(&b, "%s.%s matches %s", q.Name, strings.Join(q.Path, "."), q.Class)
	case askCompare:
		fmt.Fprintf(&b, "%s %s", q.Name, q.Receiver)
	case askElements:
		fmt.Fprintf(&b, "elements of %s", q.Receiver)
	default:
		fmt.Fprintf(&b, "next of question %d", q.N)
	}
	if q.Ask == askMethod || q.Ask == askNew || q.Ask == askCompare {
		q.writeArgs(&b)
	}
	switch {
	case q.Error != nil:
		fmt.Fprintf(&b, " = error: %s", *q.Error)
	case q.Ask == askIsa || q.Ask == askPath || q.Ask == askCompare:
		fmt.Fprintf(&b, " = %t", q.Yes)
	case q.Answer != nil:
		fmt.Fprintf(&b, " = %s", q.Answer)
	case q.Ask != askElements:
		b.WriteString(" = nothing")
	}
	return b.String()
}

func (q *Question) writeArgs(b *strings.Builder) {
	args := make([]string, 0, len(q.Args)+len(q.Kwargs))
	for _, a := range q.Args {
		args = append(args, a.text(0))
	}
	for _, k := range slices.Sorted(maps.Keys(q.Kwargs)) {
		v := q.Kwargs[k]
		args = append(args, k+": "+v.text(0))
	}
	b.WriteString("(" + strings.Join(args, ", ") + ")")
}

// Text returns the query, its questions with their answers, and its outcome, a line each.
func (r *Recording) Text() string {
	var b strings.Builder
	call := Question{Args: r.Args}
	b.WriteString(r.Rule)
	call.writeArgs(&b)
	for i := range r.Questions {
		fmt.Fprintf(&b, "\n%4d  %s", i+1, &r.Questions[i])
	}
	switch {
	case r.Error != "":
		fmt.Fprintf(&b, "\nerror: %s", r.Error)
	default:
		fmt.Fprintf(&b, "\n%t", r.Found)
	}
	return b.String()
}

// String returns a value nearly as a policy would write it.
func (v *Value) String() string { return v.text(0) }

func (v *Value) text(depth int) string {
	switch {
	case v == nil:
		return "nothing"
	case depth > maxDepth:
		return "…"
	case v.Bool != nil:
		return strconv.FormatBool(*v.Bool)
	case v.Int != nil:
		return strconv.FormatInt(*v.Int, 10)
	case v.Float != nil:
		return *v.Float
	case v.Str != nil:
		return strconv.Quote(*v.Str)
	case v.List != nil:
		items := make([]string, 0, len(*v.List)+1)
		for _, x := range *v.List {
			items = append(items, x.text(depth+1))
		}
		if v.Rest != "" {
			items = append(items, "*"+v.Rest)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case v.Dict != nil:
		items := make([]string, 0, len(*v.Dict))
		for _, k := range slices.Sorted(maps.Keys(*v.Dict)) {
			x := (*v.Dict)[k]
			items = append(items, k+": "+x.text(depth+1))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case v.Object != nil:
		return v.Object.text()
	case v.Var != nil:
		return *v.Var
	case v.Error != nil:
		return "error: " + *v.Error
	}
	return v.Other
}

func (o *Object) text() string {
	switch {
	case o.ID == 0:
		return "nil"
	case o.ID < 0:
		return o.Type
	}
	return o.Type + "#" + strconv.Itoa(o.ID)
}
