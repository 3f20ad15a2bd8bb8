package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

// byHand is the remark on policies of many rules that an expression language is given as one expression.
const byHand = "one expression, what roles imply written out by hand"

// form is a problem as an expression over Go values.
type form struct {
	cel, expr string
	values    map[string]any
	easier    string
}

// forms returns the expression of a problem in both languages.
func forms(p *bench.Problem) (form, error) {
	switch kind(p) {
	case "lit1":
		text := `user == "alice" && action == "read" && doc == "doc:1"`
		return form{cel: text, expr: text, values: map[string]any{"user": p.Args[0], "action": p.Args[1], "doc": p.Args[2]}}, nil
	case "rbac_direct":
		return form{
			cel: `action == "read" && (user.RepoRoles.exists(g, g.RepoId == repo.Id && g.Role in ["reader", "writer", "admin"]) ||
	user.OrgRoles.exists(g, g.OrgId == repo.Org.Id && g.Role in ["member", "owner"]))`,
			expr: `action == "read" && (any(user.RepoRoles, .RepoId == repo.Id && .Role in ["reader", "writer", "admin"]) ||
	any(user.OrgRoles, .OrgId == repo.Org.Id && .Role in ["member", "owner"]))`,
			values: map[string]any{"user": p.Args[0], "action": p.Args[1], "repo": p.Args[2]}, easier: byHand}, nil
	case "rbac_via_org", "rbac_deny":
		return form{
			cel: `action == "close" && (user.RepoRoles.exists(g, g.RepoId == issue.Repo.Id && g.Role in ["writer", "admin"]) ||
	user.OrgRoles.exists(g, g.OrgId == issue.Repo.Org.Id && g.Role == "owner") || issue.AuthorId == user.Id)`,
			expr: `action == "close" && (any(user.RepoRoles, .RepoId == issue.Repo.Id && .Role in ["writer", "admin"]) ||
	any(user.OrgRoles, .OrgId == issue.Repo.Org.Id && .Role == "owner") || issue.AuthorId == user.Id)`,
			values: map[string]any{"user": p.Args[0], "action": p.Args[1], "issue": p.Args[2]}, easier: byHand}, nil
	case "abac5":
		text := `action == "view" && user.Department == doc.Department && user.Clearance >= doc.Level && doc.Status == "published" && user.Region in doc.Regions && user.Age >= 18`
		return form{cel: text, expr: text, values: map[string]any{"user": p.Args[0], "action": p.Args[1], "doc": p.Args[2]}}, nil
	case "in_lit_1000":
		numbers := make([]string, 1000)
		for i := range numbers {
			numbers[i] = fmt.Sprint(3 * i)
		}
		text := "x in [" + strings.Join(numbers, ", ") + "]"
		return form{cel: text, expr: text, values: map[string]any{"x": p.Args[0]}}, nil
	case "in_host_1000":
		text := `action == "see" && user.Id in doc.Ids`
		return form{cel: text, expr: text, values: map[string]any{"user": p.Args[0], "action": p.Args[1], "doc": p.Args[2]}}, nil
	case "str_chain_50":
		var rules []string
		for i := range 50 {
			rules = append(rules, fmt.Sprintf(`action == "action-number-%03d" && user.Name == "user-name-%03d" && thing.Kind == "kind-%03d"`, i, i, i))
		}
		text := "(" + strings.Join(rules, ") || (") + ")"
		return form{cel: text, expr: text, values: map[string]any{"user": p.Args[0], "action": p.Args[1], "thing": p.Args[2]}}, nil
	case "deny_200", "hit_200", "routes_200", "big_1000", "load":
		return form{}, worker.Cannot("one expression is no policy of hundreds of rules")
	case "fact_first", "fact_miss", "fact_third", "load_facts", "fact_free1":
		return form{}, worker.Cannot("keeps no facts")
	case "role_chain", "folder", "rebac_groups":
		return form{}, worker.Cannot("no recursion")
	}
	return form{}, errNoForm(p)
}

func celJob(p *bench.Problem) (*worker.Job, error) {
	f, err := forms(p)
	if err != nil {
		return nil, err
	}
	var options []cel.EnvOption
	for name, v := range f.values {
		t := reflect.TypeOf(v)
		switch t.Kind() {
		case reflect.Pointer:
			options = append(options, ext.NativeTypes(t), cel.Variable(name, cel.ObjectType("bench."+t.Elem().Name())))
		case reflect.String:
			options = append(options, cel.Variable(name, cel.StringType))
		case reflect.Int:
			options = append(options, cel.Variable(name, cel.IntType))
		}
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, err
	}
	tree, issues := env.Compile(f.cel)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, err
	}
	return decision(p, f.easier, func() (bool, error) {
		v, _, err := program.Eval(f.values)
		if err != nil {
			return false, err
		}
		return v.Value().(bool), nil
	}), nil
}

func exprJob(p *bench.Problem) (*worker.Job, error) {
	f, err := forms(p)
	if err != nil {
		return nil, err
	}
	program, err := expr.Compile(f.expr, expr.Env(f.values), expr.AsBool())
	if err != nil {
		return nil, err
	}
	return &worker.Job{
		Run: func(n int) error {
			var machine vm.VM // used again, as its documentation advises
			for range n {
				if _, err := machine.Run(program, f.values); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			answer, err := expr.Run(program, f.values)
			return errors.Join(err, p.Verify(answer))
		},
		Easier: f.easier,
	}, nil
}
