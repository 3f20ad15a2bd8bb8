package engine_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// What is decided without a query, and that it is right. Everything else is left to a query.
func TestDecide(t *testing.T) {
	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, "owns(\"d%d\", %d);\n", i, i)
	}
	many.WriteString("owns(\"float\", 7.0); same(x, x); pair(1, _); pair(_, \"b\"); half(0.5); yes(true); rule(1) if 1 = 1; nothing(); list([1]); typed(_: Integer);")
	const granted, denied, unknown = "granted", "denied", "unknown"
	beyond := unknown // the cells of integers
	if math.MaxInt == math.MaxInt32 {
		beyond = denied
	}
	for _, test := range []struct {
		rule string
		args []any
		want string
	}{
		{"owns", []any{"d7", 7}, granted},
		{"owns", []any{"d7", 8}, denied},
		{"owns", []any{"nobody", 7}, denied},
		{"owns", []any{"d7", "7"}, denied},
		{"owns", []any{"float", 7}, unknown}, // 7.0 equals 7
		{"owns", []any{"d7", true}, unknown},
		{"owns", []any{"nobody", true}, unknown},
		{"owns", []any{"d7", math.MinInt}, beyond},
		{"owns", []any{"d7", math.MinInt >> 4}, beyond},
		{"owns", []any{"d7\xff", 7}, unknown}, // an error
		{"owns", []any{"nobody", "\xff"}, unknown},
		{"owns", []any{"d7"}, unknown},
		{"pair", []any{1, "x"}, granted},
		{"pair", []any{2, "b"}, granted},
		{"pair", []any{2, "x"}, denied},
		{"pair", []any{"1", "unheard of"}, denied},
		{"same", []any{1, 2}, unknown},
		{"half", []any{1}, unknown},
		{"yes", []any{1}, denied},
		{"rule", []any{1}, unknown},
		{"nothing", nil, granted},
		{"list", []any{1}, unknown},
		{"typed", []any{1}, unknown},
		{"undefined", []any{1}, unknown},
	} {
		e := load(t, newHost(t), many.String())
		decide := func(ctx context.Context, opts engine.Options) string {
			switch holds, known, _ := e.Decide(ctx, opts.Setup(), test.rule, test.args); {
			case !known:
				return unknown
			case holds:
				return granted
			}
			return denied
		}
		if test.rule == "owns" {
			if got := decide(t.Context(), engine.Options{}); got == granted {
				t.Errorf("%s%#v is granted before there is an index", test.rule, test.args)
			}
			query := e.Rule("owns")
			for _, v := range []wam.Value{wam.StringValue("d1"), wam.IntValue(1)} {
				if err := query.Arg(v); err != nil {
					t.Fatal(err)
				}
			}
			if found, err := query.Next(); !found || err != nil {
				t.Fatal(found, err)
			}
			query.Close()
		}
		if got := decide(t.Context(), engine.Options{}); got != test.want {
			t.Errorf("%s%#v is %s, want %s", test.rule, test.args, got, test.want)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if got := decide(ended, engine.Options{}); got != unknown {
			t.Errorf("%s%#v is %s though the context has ended", test.rule, test.args, got)
		}
		for name, opts := range map[string]engine.Options{
			"a tracer":             {Tracer: new(calls)},
			"a limit of steps":     {Limits: engine.Limits{Steps: 10}},
			"no decisions":         {Without: wam.Decisions},
			"no optimisation left": {Without: ^wam.Features(0)},
		} {
			if got := decide(t.Context(), opts); got != unknown {
				t.Errorf("%s%#v is %s with %s", test.rule, test.args, got, name)
			}
		}
	}
}
