package main

import (
	"fmt"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

// graph is the remark on problems whose roles and groups Cedar is given as parents of entities.
const graph = "roles or groups stored as a ready graph of entities"

// cedarCase is a problem in Cedar's form.
type cedarCase struct {
	policy   string
	entities cedar.EntityMap
	request  cedar.Request
	easier   string
}

func cedarJob(p *bench.Problem) (*worker.Job, error) {
	c, err := cedarForm(p)
	if err != nil {
		return nil, err
	}
	if p.Load {
		return cedarLoad(p, c)
	}
	set, err := cedar.NewPolicySetFromBytes("policy.cedar", []byte(c.policy))
	if err != nil {
		return nil, err
	}
	return decision(p, c.easier, func() (bool, error) {
		d, diag := cedar.Authorize(set, c.entities, c.request)
		if len(diag.Errors) > 0 {
			return false, fmt.Errorf("%v", diag.Errors[0])
		}
		return d == cedar.Allow, nil
	}), nil
}

func cedarLoad(p *bench.Problem, c cedarCase) (*worker.Job, error) {
	load := func() (*cedar.PolicySet, error) { return cedar.NewPolicySetFromBytes("policy.cedar", []byte(c.policy)) }
	return &worker.Job{
		Run: func(n int) error {
			for range n {
				if _, err := load(); err != nil {
					return err
				}
			}
			return nil
		},
		Check: func() error {
			set, err := load()
			if err != nil {
				return err
			}
			d, _ := cedar.Authorize(set, c.entities, c.request)
			return p.Verify(d == cedar.Allow)
		},
		Serial: true,
	}, nil
}

func uid(kind, id string) cedar.EntityUID {
	return cedar.NewEntityUID(cedar.EntityType(kind), cedar.String(id))
}

func number(kind string, id int) cedar.EntityUID { return uid(kind, fmt.Sprint(id)) }

// put adds an entity.
func (c *cedarCase) put(id cedar.EntityUID, attributes cedar.RecordMap, parents ...cedar.EntityUID) {
	if c.entities == nil {
		c.entities = cedar.EntityMap{}
	}
	c.entities[id] = cedar.Entity{UID: id, Parents: cedar.NewEntityUIDSet(parents...), Attributes: cedar.NewRecord(attributes)}
}

func cedarForm(p *bench.Problem) (c cedarCase, err error) {
	c.request = cedar.Request{Principal: uid("User", "1"), Action: uid("Action", "read"), Resource: uid("Res", "1")}
	switch name := kind(p); name {
	case "lit1", "fact_first", "fact_miss", "load_facts":
		c.facts(p.Policy, "User", "Action", "Doc", p.Args)
	case "fact_third":
		c.facts(p.Policy, "Action", "Org", "User", p.Args)
	case "rbac_direct":
		c.rbac(p.Args[0].(*bench.User), "read", p.Args[2].(*bench.Repo), nil)
	case "rbac_via_org", "rbac_deny":
		issue := p.Args[2].(*bench.Issue)
		c.rbac(p.Args[0].(*bench.User), "close", issue.Repo, issue)
	case "role_chain":
		c.roleChain(p)
	case "folder":
		c.folder(p)
	case "abac5":
		c.attributes(p.Args[0].(*bench.Employee), p.Args[2].(*bench.Document))
	case "rebac_groups":
		c.groups(p)
	case "deny_200", "hit_200":
		c.levels(p)
	case "routes_200":
		request := p.Args[1].(*bench.Request)
		c.policy = numbered(200, func(i int) string {
			return fmt.Sprintf(`permit(principal is User, action, resource) when { context.method == "GET" && context.path == "/api/v1/things/%d" };`, i)
		})
		c.request.Context = cedar.NewRecord(cedar.RecordMap{"method": cedar.String(request.Method), "path": cedar.String(request.Path)})
	case "in_lit_1000":
		numbers := make([]string, 1000)
		for i := range numbers {
			numbers[i] = fmt.Sprint(3 * i)
		}
		c.policy = "permit(principal, action, resource) when { [" + strings.Join(numbers, ", ") + "].contains(context.x) };"
		c.request.Context = cedar.NewRecord(cedar.RecordMap{"x": cedar.Long(p.Args[0].(int))})
	case "in_host_1000":
		c.policy = `permit(principal is User, action == Action::"read", resource is Doc) when { resource.ids.contains(principal.id) };`
		c.request.Resource = uid("Doc", "1")
		var ids []cedar.Value
		for _, id := range p.Args[2].(*bench.IdDoc).Ids {
			ids = append(ids, cedar.Long(id))
		}
		c.put(c.request.Resource, cedar.RecordMap{"ids": cedar.NewSet(ids...)})
		c.put(c.request.Principal, cedar.RecordMap{"id": cedar.Long(p.Args[0].(*bench.Owner).Id)})
		c.easier = "the list is a hash set made beforehand"
	case "str_chain_50":
		c.policy = numbered(50, func(i int) string {
			return fmt.Sprintf(`permit(principal is User, action == Action::"action-number-%03d", resource is Res) when { principal.name == "user-name-%03d" && resource.kind == "kind-%03d" };`, i, i, i)
		})
		c.request.Action = uid("Action", p.Args[1].(string))
		c.put(c.request.Principal, cedar.RecordMap{"name": cedar.String(p.Args[0].(*bench.Named).Name)})
		c.put(c.request.Resource, cedar.RecordMap{"kind": cedar.String(p.Args[2].(*bench.Thing).Kind)})
	case "big_1000":
		c.departments(1000, "d7", "act7", "Res7", 1)
	case "load":
		n := strings.Count(p.Policy, "\n")
		c.departments(n, fmt.Sprintf("d%d", n-1), fmt.Sprintf("act%d", (n-1)%50), fmt.Sprintf("Res%d", (n-1)%20), 0)
	default:
		err = errNoForm(p)
	}
	return c, err
}

func (c *cedarCase) facts(policy, principal, action, resource string, args []any) {
	var b strings.Builder
	for _, f := range facts(policy) {
		fmt.Fprintf(&b, "permit(principal == %s::%q, action == %s::%q, resource == %s::%q);\n", principal, f[0], action, f[1], resource, f[2])
	}
	c.policy = b.String()
	c.request = cedar.Request{Principal: uid(principal, args[0].(string)), Action: uid(action, args[1].(string)), Resource: uid(resource, args[2].(string))}
}

// rbac makes roles entities: a role's parents are the roles it implies, and a user's parents are the user's roles.
func (c *cedarCase) rbac(user *bench.User, action string, repo *bench.Repo, issue *bench.Issue) {
	c.easier = graph
	c.policy = `
permit(principal, action == Action::"read", resource is Repo) when { principal in resource.reader };
permit(principal, action == Action::"push", resource is Repo) when { principal in resource.writer };
permit(principal, action == Action::"delete", resource is Repo) when { principal in resource.admin };
permit(principal, action == Action::"invite", resource is Org) when { principal in resource.owner };
permit(principal, action == Action::"create_repo", resource is Org) when { principal in resource.member };
permit(principal, action == Action::"view", resource is Issue) when { principal in resource.repo.reader };
permit(principal, action == Action::"close", resource is Issue) when { principal in resource.repo.writer || resource.author == principal };
`
	role := func(kind string, id int, name string) cedar.EntityUID {
		return uid("Role", fmt.Sprintf("%s/%d/%s", kind, id, name))
	}
	repos := map[int]*bench.Org{repo.Id: repo.Org}
	for _, g := range user.RepoRoles {
		if repos[g.RepoId] == nil {
			repos[g.RepoId] = &bench.Org{Id: 100 + g.RepoId}
		}
	}
	for id, org := range repos {
		reader, writer, admin := role("repo", id, "reader"), role("repo", id, "writer"), role("repo", id, "admin")
		owner, member := role("org", org.Id, "owner"), role("org", org.Id, "member")
		c.put(reader, nil)
		c.put(writer, nil, reader)
		c.put(admin, nil, writer)
		c.put(owner, nil, admin, member)
		c.put(member, nil, reader)
		c.put(number("Repo", id), cedar.RecordMap{"reader": reader, "writer": writer, "admin": admin})
	}
	var parents []cedar.EntityUID
	for _, g := range user.OrgRoles {
		parents = append(parents, role("org", g.OrgId, g.Role))
	}
	for _, g := range user.RepoRoles {
		parents = append(parents, role("repo", g.RepoId, g.Role))
	}
	c.request = cedar.Request{Principal: number("User", user.Id), Action: uid("Action", action), Resource: number("Repo", repo.Id)}
	c.put(c.request.Principal, nil, parents...)
	if issue != nil {
		c.request.Resource = number("Issue", issue.Id)
		c.put(c.request.Resource, cedar.RecordMap{"repo": number("Repo", repo.Id), "author": number("User", issue.AuthorId)})
	}
}

func (c *cedarCase) roleChain(p *bench.Problem) {
	c.easier = graph
	c.policy = `permit(principal, action == Action::"p", resource is Doc) when { principal in resource.role };`
	d := strings.Count(p.Policy, " if \"r") - 1
	c.request = cedar.Request{Principal: uid("User", "1"), Action: uid("Action", "p"), Resource: uid("Doc", "1")}
	c.put(c.request.Resource, cedar.RecordMap{"role": uid("Role", "r0")})
	c.put(uid("Role", "r0"), nil)
	for i := range d {
		c.put(uid("Role", fmt.Sprintf("r%d", i+1)), nil, uid("Role", fmt.Sprintf("r%d", i)))
	}
	c.put(c.request.Principal, nil, uid("Role", p.Args[0].(*bench.ChainUser).DocRoles[0].Role))
}

func (c *cedarCase) folder(p *bench.Problem) {
	c.easier = "folders stored as a ready graph of entities; the user's own folders known"
	c.policy = `permit(principal, action == Action::"read", resource is Folder) when { resource in principal.owned };`
	id := 0
	for f := p.Args[2].(*bench.Folder); f != nil; f = f.Parent {
		if f.Parent != nil {
			c.put(number("Folder", id), nil, number("Folder", id+1))
		} else {
			c.put(number("Folder", id), nil)
		}
		id++
	}
	c.request.Resource = number("Folder", 0)
	c.put(c.request.Principal, cedar.RecordMap{"owned": number("Folder", id-1)})
}

func (c *cedarCase) attributes(u *bench.Employee, d *bench.Document) {
	c.policy = `permit(principal is User, action == Action::"view", resource is Document) when {
  principal.department == resource.department && principal.clearance >= resource.level && resource.status == "published" &&
  resource.regions.contains(principal.region) && principal.age >= 18 };`
	c.request = cedar.Request{Principal: uid("User", "1"), Action: uid("Action", "view"), Resource: uid("Document", "1")}
	c.put(c.request.Principal, cedar.RecordMap{"department": cedar.String(u.Department), "clearance": cedar.Long(u.Clearance),
		"region": cedar.String(u.Region), "age": cedar.Long(u.Age)})
	var regions []cedar.Value
	for _, r := range d.Regions {
		regions = append(regions, cedar.String(r))
	}
	c.put(c.request.Resource, cedar.RecordMap{"department": cedar.String(d.Department), "level": cedar.Long(d.Level),
		"status": cedar.String(d.Status), "regions": cedar.NewSet(regions...)})
}

// groups stores memberships the other way round: each group and user knows what it is in.
func (c *cedarCase) groups(p *bench.Problem) {
	c.easier = graph + ", searched upwards from the user"
	c.policy = `permit(principal, action == Action::"read", resource is Doc) when { principal in resource.readers };`
	next := 0
	var add func(g *bench.Group, parents ...cedar.EntityUID) cedar.EntityUID
	add = func(g *bench.Group, parents ...cedar.EntityUID) cedar.EntityUID {
		id := number("Group", next)
		next++
		c.put(id, nil, parents...)
		for _, m := range g.MemberIds {
			c.put(number("User", m), nil, id)
		}
		for _, s := range g.Subgroups {
			add(s, id)
		}
		return id
	}
	var readers []cedar.Value
	for _, g := range p.Args[2].(*bench.SharedDoc).Readers {
		readers = append(readers, add(g))
	}
	c.request = cedar.Request{Principal: number("User", p.Args[0].(*bench.Owner).Id), Action: uid("Action", "read"), Resource: uid("Doc", "1")}
	c.put(c.request.Resource, cedar.RecordMap{"readers": cedar.NewSet(readers...)})
}

func (c *cedarCase) levels(p *bench.Problem) {
	c.policy = numbered(200, func(i int) string {
		return fmt.Sprintf(`permit(principal is User, action == Action::"act%d", resource is Res%d) when { principal.level > %d };`, i%10, i/10, i/10+i%10)
	})
	class := map[string]string{"deny_200": "Res7", "hit_200": "Res19"}[kind(p)]
	c.request = cedar.Request{Principal: uid("User", "1"), Action: uid("Action", p.Args[1].(string)), Resource: uid(class, "1")}
	c.put(c.request.Principal, cedar.RecordMap{"level": cedar.Long(p.Args[0].(*bench.Member).Level)})
}

func (c *cedarCase) departments(n int, dept, action, class string, level int) {
	c.policy = numbered(n, func(i int) string {
		return fmt.Sprintf(`permit(principal is User, action == Action::"act%d", resource is Res%d) when { principal.dept == "d%d" && resource.level < %d };`, i%50, i%20, i, i%10)
	})
	c.request = cedar.Request{Principal: uid("User", "1"), Action: uid("Action", action), Resource: uid(class, "1")}
	c.put(c.request.Principal, cedar.RecordMap{"dept": cedar.String(dept)})
	c.put(c.request.Resource, cedar.RecordMap{"level": cedar.Long(level)})
}
