package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// keyed is the remark on problems whose facts OPA is given as a tree of objects.
const keyed = "facts stored as objects keyed by their arguments"

// object is a JSON object.
type object = map[string]any

// opaCase is a problem in OPA's form.
type opaCase struct {
	module string
	data   object
	input  object
	easier string
}

func opaMapJob(p *bench.Problem) (*worker.Job, error)    { return opaJob(p, false) }
func opaParsedJob(p *bench.Problem) (*worker.Job, error) { return opaJob(p, true) }

// opaJob prepares a query. The input is a Go value as programs have it, or parsed to OPA's own form beforehand.
func opaJob(p *bench.Problem, parsed bool) (*worker.Job, error) {
	c := opaCase{data: object{}}
	if err := c.fill(p); err != nil {
		return nil, err
	}
	input := rego.EvalInput(c.input)
	if parsed {
		v, err := ast.InterfaceToValue(c.input)
		if err != nil {
			return nil, err
		}
		input = rego.EvalParsedInput(v)
		if p.Load || kind(p) == "data_filter" {
			return nil, worker.Cannot("as with input from a map")
		}
	}
	ctx := context.Background()
	prepare := func() (rego.PreparedEvalQuery, error) {
		return rego.New(rego.Query("data.policy.answer"), rego.Module("policy.rego", "package policy\n"+c.module), rego.Store(inmem.NewFromObject(c.data))).PrepareForEval(ctx)
	}
	ask := func(q rego.PreparedEvalQuery) (any, error) {
		results, err := q.Eval(ctx, input)
		if err != nil || len(results) == 0 {
			return false, err
		}
		return results[0].Expressions[0].Value, nil
	}
	if p.Load {
		return opaLoad(p, prepare, ask), nil
	}
	if kind(p) == "data_filter" {
		return opaPartial(p, c)
	}
	query, err := prepare()
	if err != nil {
		return nil, err
	}
	return &worker.Job{
		Run: func(n int) error {
			for range n {
				if _, err := ask(query); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			answer, err := ask(query)
			return errors.Join(err, p.Verify(answer))
		},
		Easier: c.easier,
	}, nil
}

func opaLoad(p *bench.Problem, prepare func() (rego.PreparedEvalQuery, error), ask func(rego.PreparedEvalQuery) (any, error)) *worker.Job {
	return &worker.Job{
		Run: func(n int) error {
			for range n {
				if _, err := prepare(); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			q, err := prepare()
			if err != nil {
				return err
			}
			answer, err := ask(q)
			return errors.Join(err, p.Verify(answer))
		},
		Serial: true,
	}
}

// opaPartial asks for the conditions that are left when the repository is not known.
func opaPartial(p *bench.Problem, c opaCase) (*worker.Job, error) {
	ctx := context.Background()
	query, err := rego.New(rego.Query("data.policy.answer"), rego.Module("policy.rego", "package policy\n"+c.module)).PrepareForPartial(ctx)
	if err != nil {
		return nil, err
	}
	ask := func() (*rego.PartialQueries, error) {
		return query.Partial(ctx, rego.EvalInput(c.input), rego.EvalUnknowns([]string{"input.repo"}))
	}
	return &worker.Job{
		Run: func(n int) error {
			for range n {
				if _, err := ask(); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			partial, err := ask()
			if err != nil {
				return err
			}
			var conditions []any
			for _, q := range partial.Queries {
				conditions = append(conditions, q.String())
			}
			return p.Verify(conditions)
		},
		Easier: "the organization of a repository is an id of its own, without a join",
	}, nil
}

// fill finds the form of a problem.
func (c *opaCase) fill(p *bench.Problem) error {
	switch kind(p) {
	case "lit1", "fact_first", "fact_miss", "fact_third":
		c.easier = keyed
		c.module = "default answer := false\nanswer if data.facts[input.a][input.b][input.c]"
		c.data = object{"facts": tree(facts(p.Policy))}
		c.input = object{"a": p.Args[0], "b": p.Args[1], "c": p.Args[2]}
	case "fact_free1":
		c.easier = "facts stored as an object keyed by the second argument"
		c.module = "answer := data.owned[input.user]"
		owned := object{}
		for _, f := range facts(p.Policy) {
			list, _ := owned[f[1]].([]any)
			owned[f[1]] = append(list, f[0])
		}
		c.data, c.input = object{"owned": owned}, object{"user": p.Args[1]}
	case "rbac_direct":
		c.rbac(p.Args[0].(*bench.User), "read", repoObject(p.Args[2].(*bench.Repo)))
	case "rbac_via_org", "rbac_deny":
		issue := p.Args[2].(*bench.Issue)
		c.rbac(p.Args[0].(*bench.User), "close", object{"type": "Issue", "id": issue.Id, "author": issue.AuthorId, "repo": repoObject(issue.Repo)})
	case "role_chain":
		c.easier = "roles stored as a graph that a built-in searches"
		c.module = `default answer := false
answer if {
	some grant in input.user.roles
	grant.doc == input.doc.id
	"r0" in graph.reachable(data.implies, {grant.role})
}`
		role := p.Args[0].(*bench.ChainUser).DocRoles[0].Role
		implies := object{"r0": []any{}}
		for i := 0; fmt.Sprintf("r%d", i) != role; i++ {
			implies[fmt.Sprintf("r%d", i+1)] = []any{fmt.Sprintf("r%d", i)}
		}
		c.data = object{"implies": implies}
		c.input = object{"user": object{"roles": []any{object{"doc": 1, "role": role}}}, "doc": object{"id": 1}}
	case "folder":
		c.folder(p.Args[0].(*bench.Owner), p.Args[2].(*bench.Folder))
	case "abac5":
		u, d := p.Args[0].(*bench.Employee), p.Args[2].(*bench.Document)
		c.module = `default answer := false
answer if {
	input.action == "view"
	input.user.department == input.doc.department
	input.user.clearance >= input.doc.level
	input.doc.status == "published"
	input.user.region in input.doc.regions
	input.user.age >= 18
}`
		regions := []any{}
		for _, r := range d.Regions {
			regions = append(regions, r)
		}
		c.input = object{"action": "view", "user": object{"department": u.Department, "clearance": u.Clearance, "region": u.Region, "age": u.Age},
			"doc": object{"department": d.Department, "level": d.Level, "status": d.Status, "regions": regions}}
	case "rebac_groups":
		c.groups(p)
	case "deny_200", "hit_200":
		c.module = "default answer := false\n" + numbered(200, func(i int) string {
			return fmt.Sprintf(`answer if { input.action == "act%d"; input.resource.type == "Res%d"; input.user.level > %d }`, i%10, i/10, i/10+i%10)
		})
		class := map[string]string{"deny_200": "Res7", "hit_200": "Res19"}[kind(p)]
		c.input = object{"action": p.Args[1], "resource": object{"type": class}, "user": object{"level": p.Args[0].(*bench.Member).Level}}
	case "routes_200":
		request := p.Args[1].(*bench.Request)
		c.module = "default answer := false\n" + numbered(200, func(i int) string {
			return fmt.Sprintf(`answer if { input.request.method == "GET"; input.request.path == "/api/v1/things/%d" }`, i)
		})
		c.input = object{"request": object{"method": request.Method, "path": request.Path}}
	case "in_lit_1000":
		c.easier = "the list is a set"
		numbers := make([]string, 1000)
		for i := range numbers {
			numbers[i] = fmt.Sprint(3 * i)
		}
		c.module = "default answer := false\nanswer if input.x in {" + strings.Join(numbers, ", ") + "}"
		c.input = object{"x": p.Args[0]}
	case "in_host_1000":
		c.module = "default answer := false\nanswer if { input.action == \"see\"; input.user.id in input.doc.ids }"
		ids := []any{}
		for _, id := range p.Args[2].(*bench.IdDoc).Ids {
			ids = append(ids, id)
		}
		c.input = object{"action": "see", "user": object{"id": p.Args[0].(*bench.Owner).Id}, "doc": object{"ids": ids}}
	case "str_chain_50":
		c.module = "default answer := false\n" + numbered(50, func(i int) string {
			return fmt.Sprintf(`answer if { input.action == "action-number-%03d"; input.user.name == "user-name-%03d"; input.resource.kind == "kind-%03d" }`, i, i, i)
		})
		c.input = object{"action": p.Args[1], "user": object{"name": p.Args[0].(*bench.Named).Name}, "resource": object{"kind": p.Args[2].(*bench.Thing).Kind}}
	case "big_1000":
		c.departments(1000, "d7", "act7", "Res7", 1)
	case "load":
		n := strings.Count(p.Policy, "\n")
		if n > 1000 {
			return worker.Cannot("takes a minute and more")
		}
		c.departments(n, fmt.Sprintf("d%d", n-1), fmt.Sprintf("act%d", (n-1)%50), fmt.Sprintf("Res%d", (n-1)%20), 0)
	case "data_filter":
		c.dataFilter(p.Args[0].(*bench.User))
	default:
		return errNoForm(p)
	}
	return nil
}

// tree nests facts: an object for the first arguments, in it objects for the second ones, and so on.
func tree(facts [][]string) object {
	root := object{}
	for _, f := range facts {
		at := root
		for _, key := range f[:len(f)-1] {
			next, _ := at[key].(object)
			if next == nil {
				next = object{}
				at[key] = next
			}
			at = next
		}
		at[f[len(f)-1]] = true
	}
	return root
}

func repoObject(r *bench.Repo) object {
	return object{"type": "Repo", "id": r.Id, "org": object{"id": r.Org.Id}}
}

func rolesObject(u *bench.User) object {
	orgs, repos := []any{}, []any{}
	for _, g := range u.OrgRoles {
		orgs = append(orgs, object{"org": g.OrgId, "role": g.Role})
	}
	for _, g := range u.RepoRoles {
		repos = append(repos, object{"repo": g.RepoId, "role": g.Role})
	}
	return object{"id": u.Id, "org_roles": orgs, "repo_roles": repos}
}

// roleRules say which roles imply which.
const roleRules = `owner(org) if has_org_role("owner", org)
member(org) if has_org_role("member", org)
member(org) if owner(org)
admin(repo) if has_repo_role("admin", repo)
admin(repo) if owner(repo.org)
writer(repo) if has_repo_role("writer", repo)
writer(repo) if admin(repo)
reader(repo) if has_repo_role("reader", repo)
reader(repo) if writer(repo)
reader(repo) if member(repo.org)
`

func (c *opaCase) rbac(u *bench.User, action string, resource object) {
	c.module = `default answer := false
has_org_role(role, org) if { some g in input.user.org_roles; g.org == org.id; g.role == role }
has_repo_role(role, repo) if { some g in input.user.repo_roles; g.repo == repo.id; g.role == role }
` + roleRules + `answer if { input.resource.type == "Org"; input.action == "invite"; owner(input.resource) }
answer if { input.resource.type == "Org"; input.action == "create_repo"; member(input.resource) }
answer if { input.resource.type == "Repo"; input.action == "read"; reader(input.resource) }
answer if { input.resource.type == "Repo"; input.action == "push"; writer(input.resource) }
answer if { input.resource.type == "Repo"; input.action == "delete"; admin(input.resource) }
answer if { input.resource.type == "Issue"; input.action == "view"; reader(input.resource.repo) }
answer if { input.resource.type == "Issue"; input.action == "close"; writer(input.resource.repo) }
answer if { input.resource.type == "Issue"; input.action == "close"; input.resource.author == input.user.id }
`
	c.input = object{"user": rolesObject(u), "action": action, "resource": resource}
}

func (c *opaCase) folder(u *bench.Owner, folder *bench.Folder) {
	c.easier = "folders stored as a graph that a built-in searches"
	c.module = `default answer := false
answer if {
	some folder in graph.reachable(data.parents, {input.folder})
	data.owners[folder] == input.user.id
}`
	parents, owners := object{}, object{}
	id := 0
	for f := folder; f != nil; f = f.Parent {
		parents[fmt.Sprint(id)] = []any{}
		if f.Parent != nil {
			parents[fmt.Sprint(id)] = []any{fmt.Sprint(id + 1)}
		}
		owners[fmt.Sprint(id)] = f.OwnerId
		id++
	}
	c.data = object{"parents": parents, "owners": owners}
	c.input = object{"user": object{"id": u.Id}, "folder": "0"}
}

func (c *opaCase) groups(p *bench.Problem) {
	c.easier = "groups stored as a graph that a built-in searches"
	c.module = `default answer := false
answer if {
	some group in graph.reachable(data.subgroups, input.doc.readers)
	input.user.id in data.members[group]
}`
	subgroups, members := object{}, object{}
	next := 0
	var add func(g *bench.Group) string
	add = func(g *bench.Group) string {
		id := fmt.Sprint(next)
		next++
		ids, subs := []any{}, []any{}
		for _, m := range g.MemberIds {
			ids = append(ids, m)
		}
		for _, s := range g.Subgroups {
			subs = append(subs, add(s))
		}
		members[id], subgroups[id] = ids, subs
		return id
	}
	readers := []any{}
	for _, g := range p.Args[2].(*bench.SharedDoc).Readers {
		readers = append(readers, add(g))
	}
	c.data = object{"subgroups": subgroups, "members": members}
	c.input = object{"user": object{"id": p.Args[0].(*bench.Owner).Id}, "doc": object{"readers": readers}}
}

func (c *opaCase) departments(n int, dept, action, class string, level int) {
	c.module = "default answer := false\n" + numbered(n, func(i int) string {
		return fmt.Sprintf(`answer if { input.action == "act%d"; input.resource.type == "Res%d"; input.user.dept == "d%d"; input.resource.level < %d }`, i%50, i%20, i, i%10)
	})
	c.input = object{"action": action, "resource": object{"type": class, "level": level}, "user": object{"dept": dept}}
}

// dataFilter has the rules of rbac for a repository that is not known. The organization of one is a field of its own, as in the problem.
func (c *opaCase) dataFilter(u *bench.User) {
	c.module = `has_org_role(role, org) if { some g in input.user.org_roles; g.org == org; g.role == role }
has_repo_role(role, repo) if { some g in input.user.repo_roles; g.repo == repo.id; g.role == role }
` + roleRules + `answer if reader(input.repo)
`
	c.input = object{"user": rolesObject(u)}
}
