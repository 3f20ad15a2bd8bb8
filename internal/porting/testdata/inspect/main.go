// Command inspect asks a policy open questions: who, what, under which conditions. It reads expressions, errors and terms.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	"github.com/osohq/go-oso"
	osoerrors "github.com/osohq/go-oso/errors"
	"github.com/osohq/go-oso/types"
)

// Document is a resource; its folder is declared as a relation.
type Document struct {
	Id       int
	FolderId int
	Title    string
	Public   bool
}

// Folder holds documents.
type Folder struct {
	Id    int
	Owner string
}

const policy = `
allow("ann", action, _: Document) if action in ["read", "write"];
allow(user, "read", doc: Document) if doc.Public = true and user != "guest";
allow(user, "list", folder: Folder) if folder.Owner = user;
senior(age) if age > 60;
shape(x) if x.Kind = "square" and x.Size = 2;
typed(doc) if doc matches Document{Title: "plan"};
edge("a", "b"); edge("b", "c"); edge("c", "d");
path(x, y) if edge(x, y);
path(x, y) if edge(x, z) and path(z, y);
`

// Inspector wraps an Oso.
type Inspector struct{ oso oso.Oso }

// NewInspector loads a policy text.
func NewInspector(text string) (*Inspector, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	if err := o.RegisterClassWithNameAndFields(Document{}, nil, "Document", map[string]interface{}{
		"Id": "Integer", "Title": "String", "Public": "Boolean",
		"Folder": types.Relation{Kind: "one", OtherType: "Folder", MyField: "FolderId", OtherField: "Id"},
	}); err != nil {
		return nil, err
	}
	if err := o.RegisterClassWithNameAndFields(Folder{}, nil, "Folder", map[string]interface{}{
		"Id": "Integer", "Owner": "String",
		"Documents": types.Relation{Kind: "many", OtherType: "Document", MyField: "Id", OtherField: "FolderId"},
	}); err != nil {
		return nil, err
	}
	return &Inspector{o}, o.LoadString(text)
}

// Paths collects the results of a rule with Next.
func (i *Inspector) Paths(from string) ([]string, error) {
	query, err := i.oso.NewQueryFromRule("path", from, types.Variable("to"))
	if err != nil {
		return nil, err
	}
	defer query.Cleanup()
	var nodes []string
	for {
		result, err := query.Next()
		if err != nil {
			return nil, err
		}
		if result == nil {
			return nodes, nil
		}
		nodes = append(nodes, (*result)["to"].(string))
	}
}

// Stream collects the results of a query text from channels.
func (i *Inspector) Stream(text string) ([]map[string]interface{}, error) {
	results, errs := i.oso.QueryStr(text)
	var all []map[string]interface{}
	for r := range results {
		all = append(all, r)
	}
	if err := <-errs; err != nil {
		return all, err
	}
	return all, nil
}

// Conditions shows what must hold for a rule of one variable.
func (i *Inspector) Conditions(rule string) ([]string, error) {
	query, err := i.oso.NewQueryFromRule(rule, types.Variable("x"))
	if err != nil {
		return nil, err
	}
	query.SetAcceptExpression(true)
	results, err := query.GetAllResults()
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, r := range results {
		texts = append(texts, show(r["x"]))
	}
	return texts, nil
}

// show prints a value or an expression in prefix form.
func show(x interface{}) string {
	switch x := x.(type) {
	case types.Expression:
		name := reflect.TypeOf(x.Operator.OperatorVariant).Name()
		parts := []string{strings.TrimPrefix(name, "Operator")}
		for _, arg := range x.Args {
			parts = append(parts, show(arg))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case types.ValuePattern:
		switch p := x.PatternVariant.(type) {
		case types.PatternInstance:
			fields := []string{}
			for name, term := range p.Fields.Fields {
				fields = append(fields, string(name)+": "+show(term.Value.ValueVariant))
			}
			sort.Strings(fields)
			return string(p.Tag) + "{" + strings.Join(fields, ", ") + "}"
		case types.PatternDictionary:
			return fmt.Sprintf("{%d fields}", len(p.Fields))
		}
		return "?"
	case types.ValueString:
		return fmt.Sprintf("%q", string(x))
	case types.Variable:
		return string(x)
	case string:
		return fmt.Sprintf("%q", x)
	default:
		return fmt.Sprint(x)
	}
}

// Bound runs a rule of one variable that gets its value from a term.
func (i *Inspector) Bound(rule string, n int64) (bool, error) {
	query, err := i.oso.NewQueryFromRule(rule, types.Variable("x"))
	if err != nil {
		return false, err
	}
	defer query.Cleanup()
	term := types.Term{Value: types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(n)}}}
	if err := query.Bind("x", &term); err != nil {
		return false, err
	}
	result, err := query.Next()
	return result != nil, err
}

// Explain names the kind of an error, down to its variant.
func Explain(err error) string {
	var formatted *osoerrors.FormattedPolarError
	if !errors.As(err, &formatted) {
		return "another error"
	}
	switch kind := formatted.Kind.ErrorKindVariant.(type) {
	case types.ErrorKindParse:
		switch v := kind.ParseErrorKindVariant.(type) {
		case types.ParseErrorKindUnrecognizedToken:
			return fmt.Sprintf("unexpected %s at %d", v.Token, v.Loc)
		case types.ParseErrorKindUnrecognizedEOF:
			return fmt.Sprintf("ends at %d", v.Loc)
		}
		return "parse error"
	case types.ErrorKindRuntime:
		switch v := kind.RuntimeErrorVariant.(type) {
		case types.RuntimeErrorQueryForUndefinedRule:
			return "no rule " + v.Name
		case types.RuntimeErrorApplication:
			return "application: " + v.Msg
		case types.RuntimeErrorMultipleLoadError:
			return "loaded already"
		}
		return "runtime error"
	case types.ErrorKindValidation:
		switch v := kind.ValidationErrorVariant.(type) {
		case types.ValidationErrorUndefinedRuleCall:
			call, _ := v.Term.Value.ValueVariant.(types.ValueCall)
			return "calls the undefined " + string(call.Name)
		case types.ValidationErrorSingletonVariable:
			name, _ := v.Term.Value.ValueVariant.(types.ValueVariable)
			return "singleton " + string(name)
		}
		return "validation error"
	default:
		return "operational error"
	}
}

// textAdapter turns filters into text.
type textAdapter struct{ rows []interface{} }

// BuildQuery implements types.Adapter.
func (a textAdapter) BuildQuery(filter *types.Filter) (interface{}, error) {
	var b strings.Builder
	b.WriteString(filter.Root)
	for _, conjunction := range filter.Conditions {
		for _, c := range conjunction {
			op := map[types.Comparison]string{types.Eq: "=", types.Neq: "!=", types.In: "in"}[c.Cmp]
			b.WriteString(" " + datum(c.Lhs) + op + datum(c.Rhs))
		}
	}
	return b.String(), nil
}

// ExecuteQuery implements types.Adapter.
func (a textAdapter) ExecuteQuery(query interface{}) ([]interface{}, error) {
	if _, ok := query.(string); !ok {
		return nil, errors.New("no query")
	}
	return a.rows, nil
}

func datum(d types.Datum) string {
	switch v := d.DatumVariant.(type) {
	case types.Projection:
		return v.TypeName + "." + v.FieldName
	case types.Immediate:
		return fmt.Sprint(v.Value)
	}
	return "?"
}

func main() {
	i, err := NewInspector(policy)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	paths, err := i.Paths("a")
	fmt.Println(paths, err)
	value, err := i.oso.GetHost().ToPolar(Document{Id: 1})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	text, err := json.Marshal(value)
	fmt.Println(string(text), err)
}
