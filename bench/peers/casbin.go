package main

import (
	"fmt"
	"slices"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"
	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

// The models of Casbin: triples, roles, and attributes.
const (
	casbinFacts = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`
	casbinRoles = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)
`
	casbinAttributes = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && r.sub.Department == r.obj.Department && r.sub.Clearance >= r.obj.Level && r.obj.Status == "published" && isOneOf(r.sub.Region, r.obj.Regions) && r.sub.Age >= 18
`
)

func casbinJob(p *bench.Problem) (*worker.Job, error) {
	var request []any
	var easier string
	var text string
	var policies, roles [][]string
	switch kind(p) {
	case "lit1", "fact_first", "fact_miss", "fact_third":
		text, policies, request = casbinFacts, facts(p.Policy), p.Args
	case "rbac_direct":
		repo := p.Args[2].(*bench.Repo)
		text, easier, policies, roles = casbinRoles, graph+", of names", casbinPermissions(repo, nil), casbinGraph(p.Args[0].(*bench.User), repo)
		request = []any{fmt.Sprintf("user/%d", p.Args[0].(*bench.User).Id), fmt.Sprintf("repo/%d", repo.Id), p.Args[1]}
	case "rbac_via_org", "rbac_deny":
		issue := p.Args[2].(*bench.Issue)
		text, easier, policies, roles = casbinRoles, graph+", of names", casbinPermissions(issue.Repo, issue), casbinGraph(p.Args[0].(*bench.User), issue.Repo)
		request = []any{fmt.Sprintf("user/%d", p.Args[0].(*bench.User).Id), fmt.Sprintf("issue/%d", issue.Id), p.Args[1]}
	case "role_chain":
		text, easier = casbinRoles, graph+", of names, whose reachability is cached"
		last := p.Args[0].(*bench.ChainUser).DocRoles[0].Role
		roles = append(roles, []string{"user/1", last})
		for i := 0; fmt.Sprintf("r%d", i) != last; i++ {
			roles = append(roles, []string{fmt.Sprintf("r%d", i+1), fmt.Sprintf("r%d", i)})
		}
		policies, request = [][]string{{"r0", "doc/1", "p"}}, []any{"user/1", "doc/1", "p"}
	case "abac5":
		text, policies = casbinAttributes, [][]string{{"view"}}
		request = []any{p.Args[0], p.Args[2], p.Args[1]}
		easier = "the test of the region is a Go function"
	default:
		return nil, errNoForm(p)
	}
	m, err := model.NewModelFromString(text)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	e.AddFunction("isOneOf", func(args ...any) (any, error) { return slices.Contains(args[1].([]string), args[0].(string)), nil })
	if len(roles) > 0 {
		e.SetRoleManager(defaultrolemanager.NewRoleManager(len(roles) + 1)) // the default one follows ten links
	}
	if _, err := e.AddPolicies(policies); err != nil {
		return nil, err
	}
	if len(roles) > 0 {
		if _, err := e.AddGroupingPolicies(roles); err != nil {
			return nil, err
		}
	}
	return decision(p, easier, func() (bool, error) { return e.Enforce(request...) }), nil
}

// casbinPermissions names the role that each permission needs.
func casbinPermissions(repo *bench.Repo, issue *bench.Issue) [][]string {
	name := fmt.Sprintf("repo/%d", repo.Id)
	all := [][]string{{name + "/reader", name, "read"}, {name + "/writer", name, "push"}, {name + "/admin", name, "delete"}}
	if issue != nil {
		i := fmt.Sprintf("issue/%d", issue.Id)
		all = append(all, []string{name + "/reader", i, "view"}, []string{name + "/writer", i, "close"}, []string{fmt.Sprintf("user/%d", issue.AuthorId), i, "close"})
	}
	return all
}

// casbinGraph names what roles imply and the roles a user has.
func casbinGraph(user *bench.User, repo *bench.Repo) [][]string {
	name, org := fmt.Sprintf("repo/%d", repo.Id), fmt.Sprintf("org/%d", repo.Org.Id)
	all := [][]string{{name + "/writer", name + "/reader"}, {name + "/admin", name + "/writer"}, {org + "/owner", name + "/admin"},
		{org + "/owner", org + "/member"}, {org + "/member", name + "/reader"}}
	u := fmt.Sprintf("user/%d", user.Id)
	for _, g := range user.RepoRoles {
		all = append(all, []string{u, fmt.Sprintf("repo/%d/%s", g.RepoId, g.Role)})
	}
	for _, g := range user.OrgRoles {
		all = append(all, []string{u, fmt.Sprintf("org/%d/%s", g.OrgId, g.Role)})
	}
	return all
}
