package oso_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

type laterFolder struct {
	Name   string
	Parent *laterFolder
	Any    any
}

type laterOther struct{ Name string }

// laterNamed is an interface as a class; laterName, which has it, is no class.
type laterNamed interface{ OwnName() string }

type laterName struct{ Text string }

func (n laterName) OwnName() string { return n.Text }

// TestAClassTestMayWaitForTheValue calls rules whose first condition gives an unbound parameter with a class its value, in all the
// ways in which the parameter can be something else by then.
func TestAClassTestMayWaitForTheValue(t *testing.T) {
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, cls := range map[string]any{"Folder": laterFolder{}, "Other": laterOther{}} {
		if err := o.RegisterClassWithName(cls, nil, name); err != nil {
			t.Fatal(err)
		}
	}
	must(t, oso.RegisterInterface[laterNamed](o, "Named"))
	if err := o.LoadString(`
		parent(p: Folder, "parent", f: Folder) if p = f.Parent;
		holds(p: Folder, f: Folder) if p = f.Any;
		text(p: String, f: Folder) if p = f.Any;
		both(p: Folder, p, f: Folder) if p = f.Any;
		listed(p: Folder, [p, *_], f: Folder) if p = f.Any;
		twice(x, f) if parent(x, x, f);
		known(x, f) if x matches Other and holds(x, f);
		after(x, f) if holds(x, f) and x.Name = "top";
		bound(x, f) if x = f.Parent and holds(x, f);
		unequal(p: Other, y, y) if p = y.Any;
		chosen(p: Folder, f: Folder) if p = f.Any;
		chosen(_: String, _);
		left(x, f) if unequal(_, x, f);
		left(x, f) if chosen(x, f);
		word(p: String, "words", f: Folder) if p = f.Any;
		same(x, f) if word(x, x, f);
		missing(p: Folder, f: Folder) if p = f.Nothing;
		named(p: Named, f: Folder) if p = f.Any;
		allow(_, _, _);
	`); err != nil {
		t.Fatal(err)
	}
	top := &laterFolder{Name: "top"}
	sub := &laterFolder{Name: "sub", Parent: top, Any: top}
	other := &laterFolder{Name: "odd", Any: laterOther{"o"}}
	text := &laterFolder{Name: "text", Any: "words"}
	named := &laterFolder{Name: "named", Any: laterName{"n"}}
	x := types.Variable("x")
	for _, test := range []struct {
		rule string
		args []any
		want []any
	}{
		{"parent", []any{x, "parent", sub}, []any{top}},
		{"parent", []any{x, "parent", top}, nil}, // its parent is nil, which is no Folder
		{"parent", []any{x, x, sub}, nil},        // "parent" is no Folder
		{"parent", []any{top, "parent", sub}, []any{nil}},
		{"parent", []any{sub, "parent", sub}, nil},
		{"twice", []any{x, sub}, nil},
		{"left", []any{top, sub}, []any{nil}}, // a test that was put off is given up when the head fails
		{"holds", []any{x, sub}, []any{top}},
		{"holds", []any{x, other}, nil},
		{"holds", []any{x, text}, nil},
		{"holds", []any{x, top}, nil},
		{"text", []any{x, text}, []any{"words"}},
		{"text", []any{x, sub}, nil},
		{"both", []any{x, x, sub}, []any{top}},
		{"both", []any{x, top, sub}, []any{top}},
		{"both", []any{x, sub, sub}, nil},
		{"both", []any{x, 1, sub}, nil},
		{"listed", []any{x, []any{x}, sub}, []any{top}},
		{"listed", []any{x, []any{top, 1}, sub}, []any{top}},
		{"listed", []any{x, []any{"words"}, text}, nil},
		{"known", []any{x, sub}, nil},
		{"known", []any{x, other}, nil},
		{"after", []any{x, sub}, []any{top}},
		{"bound", []any{x, sub}, []any{top}},
		{"same", []any{x, text}, []any{"words"}}, // the rest of the head gives it a value, which the first condition compares
		{"same", []any{x, sub}, nil},
		{"named", []any{x, named}, []any{laterName{"n"}}}, // the host is asked whether it is one
		{"named", []any{x, sub}, nil},
		{"named", []any{x, text}, nil},
	} {
		q, err := o.NewQueryFromRule(test.rule, test.args...)
		if err != nil {
			t.Fatal(err)
		}
		results, err := q.GetAllResults()
		if err != nil {
			t.Errorf("%s: %v", test.rule, err)
			continue
		}
		var got []any
		for _, r := range results {
			got = append(got, r["x"])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s%v (-want +got):\n%s", test.rule, test.args, diff)
		}
	}
	q, err := o.NewQueryFromRule("missing", x, sub)
	must(t, err)
	if r, err := q.Next(); r != nil || !strings.Contains(fmt.Sprint(err), "Nothing") {
		t.Errorf("a missing field: got %v, %v", r, err)
	}
}
