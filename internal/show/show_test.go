package show

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

var (
	i    = wam.IntValue
	f    = wam.FloatValue
	s    = wam.StringValue
	x    = wam.VarValue("x")
	it   = wam.VarValue("_this")
	expr = wam.ExprValue
	list = wam.ListValue
)

func dict(keys []string, values ...wam.Value) wam.Value {
	return wam.MappingValue(&wam.Dict{Keys: keys, Values: values})
}

func pattern(tag string, keys []string, values ...wam.Value) wam.Value {
	return wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: tag, Fields: wam.Dict{Keys: keys, Values: values}}}
}

func TestValuesReadAsPolar(t *testing.T) {
	tests := []struct {
		value wam.Value
		want  string
	}{
		{wam.BoolValue(true), "true"},
		{i(-7), "-7"},
		{i(math.MinInt64), "-9223372036854775808"},
		{f(1), "1.0"},
		{f(2.5), "2.5"},
		{f(1e21), "1e+21"},
		{f(math.Inf(-1)), "-inf"},
		{f(math.NaN()), "nan"},
		{s("a \"b\" \\ \n\t\r\x00é"), `"a \"b\" \\ \n\t\r\0é"`},
		{s("\x1b[31m"), `"\u{1b}[31m"`},
		{list(), "[]"},
		{list(i(1), s("a"), list(i(2))), `[1, "a", [2]]`},
		{wam.SequenceValue(&wam.List{Items: []wam.Value{i(1)}, Rest: wam.VarValue("r")}), "[1, *r]"},
		{wam.SequenceValue(&wam.List{Rest: wam.VarValue("r")}), "[*r]"},
		{dict(nil), "{}"},
		{dict([]string{"a", "b c", "if", "mod"}, i(1), i(2), i(3), i(4)), `{a: 1, "b c": 2, if: 3, "mod": 4}`},
		{wam.InstanceValue(nil, 0), "<object>"},
		{pattern("C", nil), "C"},
		{pattern("C", []string{"a"}, i(1)), "C{a: 1}"},
		{pattern("", nil), "{}"},
	}
	for _, tt := range tests {
		if got := (Printer{}).Value(tt.value); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestExpressionsHaveTheParenthesesTheyNeed(t *testing.T) {
	gt := expr("Gt", it, i(1))
	tests := []struct {
		value wam.Value
		want  string
	}{
		{expr("And", gt), "x > 1"},
		{expr("And", gt, expr("Lt", it, i(5))), "x > 1 and x < 5"},
		{expr("And", gt, expr("Or", gt, gt)), "x > 1 and (x > 1 or x > 1)"},
		{expr("Or", gt, expr("And", gt, gt)), "x > 1 or x > 1 and x > 1"},
		{expr("Not", expr("And", gt, gt)), "not (x > 1 and x > 1)"},
		{expr("Not", expr("Not", gt)), "not (not x > 1)"},
		{expr("And", expr("Not", expr("In", i(1), it)), gt), "not 1 in x and x > 1"},
		{expr("Unify", i(1), expr("Dot", expr("Dot", it, s("a")), s("b"))), "1 = x.a.b"},
		{expr("Dot", it, s("a b")), `x.("a b")`},
		{expr("Dot", it, wam.VarValue("k")), "x.(k)"},
		{expr("Dot", it, s("a"), wam.VarValue("v")), "x.a = v"},
		{expr("Isa", it, pattern("User", nil)), "x matches User"},
		{expr("Add", it, i(1), i(3)), "x + 1 = 3"},
		{expr("Mul", expr("Add", it, i(1)), i(3)), "(x + 1) * 3"},
		{expr("Sub", it, expr("Sub", i(1), i(2))), "x - (1 - 2)"},
		{expr("Eq", expr("Eq", i(1), i(2)), i(3)), "(1 == 2) == 3"},
		{expr("And"), "true"},
		{expr("Or"), "false"},
		{expr("Other", i(1)), "other(1)"},
	}
	for _, tt := range tests {
		if got := (Printer{This: "x"}).Value(tt.value); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestBindings(t *testing.T) {
	tests := []struct {
		name  string
		value wam.Value
		want  string
	}{
		{"x", i(1), "x = 1"},
		{"x", x, "x = _"},
		{"x", wam.VarValue("_1"), "x = _"},
		{"x", wam.VarValue("y"), "x = y"},
		{"x", expr("And", expr("Gt", it, i(1))), "x: x > 1"},
		{"y", expr("And", expr("Gt", it, x)), "y: y > x"},
	}
	for _, tt := range tests {
		if got := (Printer{}).Binding(tt.name, tt.value); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestJSON(t *testing.T) {
	describe := func(v wam.Value) (string, string) { return v.Ref.(string), "" }
	tests := []struct {
		value wam.Value
		want  string
	}{
		{wam.BoolValue(false), "false"},
		{i(math.MaxInt64), "9223372036854775807"},
		{f(1), "1.0"},
		{f(math.Inf(1)), `{"$float":"inf"}`},
		{s("<a>\n\x1b"), "\"<a>\\n\\u001b\""},
		{list(i(1), list()), "[1,[]]"},
		{dict([]string{"a", "b"}, i(1), s("c")), `{"a":1,"b":"c"}`},
		{wam.InstanceValue("nil", 0), "null"},
		{wam.InstanceValue("User{}", 0), `{"$object":"User{}"}`},
		{x, `{"$var":"x"}`},
		{expr("And", expr("Gt", it, i(1))), `{"$expr":"v > 1"}`},
		{wam.SequenceValue(&wam.List{Items: []wam.Value{i(1)}, Rest: x}), `{"$expr":"[1, *x]"}`},
	}
	for _, tt := range tests {
		got := Printer{Describe: describe}.BindingJSON("v", tt.value)
		if got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is no JSON", got)
		}
	}
}

func TestDeepValuesEndInAnEllipsis(t *testing.T) {
	deep := list()
	for range 1_000_000 {
		deep = list(deep)
	}
	for _, text := range []string{(Printer{}).Value(deep), (Printer{}).JSON(deep)} {
		if !strings.Contains(text, "…") || len(text) > 3*maxDepth {
			t.Errorf("a deep list prints as %d bytes: %.20s", len(text), text)
		}
	}
}

func TestSharedPartsDoNotMakeEndlessText(t *testing.T) {
	doubled := list(i(1))
	for range 200 {
		doubled = list(doubled, doubled)
	}
	p := Printer{maxText: 10_000}
	for _, text := range []string{p.Value(doubled), p.JSON(doubled)} {
		if !strings.Contains(text, "…") || len(text) > 20_000 {
			t.Errorf("the text has %d bytes", len(text))
		}
	}
}

func TestPrintableTextHasNoControlCharacters(t *testing.T) {
	if got, want := Printable("a\n\tb\x1b[0m\r\u009bé"), "a\n\tb\\u{1b}[0m\\u{d}\\u{9b}é"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
