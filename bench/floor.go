package bench

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// Floor is straight-line Go written for one problem alone: what the question costs when nothing has to be a rule. It answers from the
// problem's own arguments.
type Floor func() any

// NewFloor returns the floor of a problem, nil where it has none. What is prepared once, as maps of the facts, is prepared here.
func NewFloor(p *Problem) Floor {
	name := strings.Split(p.ID, "/")
	if len(name) < 2 {
		return nil
	}
	switch name[1] {
	case "lit1", "fact_first", "fact_miss", "fact_third":
		return factFloor(p)
	case "fact_free1":
		return factFreeFloor(p)
	case "rbac_direct":
		user, repo := p.Args[0].(*User), p.Args[2].(*Repo)
		return func() any { return mayRead(user, repo) }
	case "rbac_via_org", "rbac_deny":
		user, issue := p.Args[0].(*User), p.Args[2].(*Issue)
		return func() any { return mayClose(user, issue) }
	case "role_chain":
		return roleChainFloor(p)
	case "folder":
		user, folder := p.Args[0].(*Owner), p.Args[2].(*Folder)
		return func() any { return mayView(user, folder) }
	case "abac5":
		user, doc := p.Args[0].(*Employee), p.Args[2].(*Document)
		return func() any { return mayViewDocument(user, doc) }
	case "rebac_groups":
		user, doc := p.Args[0].(*Owner), p.Args[2].(*SharedDoc)
		return func() any { return slices.ContainsFunc(doc.Readers, func(g *Group) bool { return isMember(user, g) }) }
	case "deny_200", "hit_200":
		return levelsFloor(p)
	case "routes_200":
		return routesFloor(p)
	case "in_lit_1000":
		x := p.Args[0].(int)
		numbers := map[int]struct{}{}
		for i := range 1000 {
			numbers[3*i] = struct{}{}
		}
		return func() any { _, ok := numbers[x]; return ok }
	case "in_host_1000":
		user, doc := p.Args[0].(*Owner), p.Args[2].(*IdDoc)
		return func() any { return slices.Contains(doc.Ids, user.Id) }
	case "str_chain_50":
		return stringsFloor(p)
	case "big_1000":
		return departmentsFloor(p)
	case "nrev", "nrev_read":
		return reverseFloor(p, name[1] == "nrev_read")
	case "fib":
		n := p.Args[0].(int)
		return func() any { return []any{fib(n)} }
	case "queens":
		n := len(p.Args[0].([]int))
		return func() any { return []any{firstQueens(n)} }
	case "data_filter":
		user := p.Args[0].(*User)
		return func() any { return readConditions(user) }
	}
	return nil
}

func factFloor(p *Problem) Floor {
	var key [3]string
	for i, arg := range p.Args {
		key[i] = arg.(string)
	}
	facts := map[[3]string]struct{}{}
	for line := range strings.Lines(p.Policy) {
		var f [3]string
		line = line[strings.IndexByte(line, '(')+1 : strings.IndexByte(line, ')')]
		for i, arg := range strings.SplitN(line, ", ", 3) {
			f[i] = strings.Trim(arg, `"`)
		}
		facts[f] = struct{}{}
	}
	return func() any { _, ok := facts[key]; return ok }
}

func factFreeFloor(p *Problem) Floor {
	owned := map[string][]string{}
	for line := range strings.Lines(p.Policy) {
		f := strings.Split(line, `"`)
		owned[f[3]] = append(owned[f[3]], f[1])
	}
	user := p.Args[1].(string)
	return func() any {
		var found []any
		for _, doc := range owned[user] {
			found = append(found, doc)
		}
		return found
	}
}

func hasOrgRole(u *User, role string, o *Org) bool {
	for _, g := range u.OrgRoles {
		if g.OrgId == o.Id && g.Role == role {
			return true
		}
	}
	return false
}

func hasRepoRole(u *User, role string, r *Repo) bool {
	for _, g := range u.RepoRoles {
		if g.RepoId == r.Id && g.Role == role {
			return true
		}
	}
	return false
}

func mayWrite(u *User, r *Repo) bool {
	return hasRepoRole(u, "writer", r) || hasRepoRole(u, "admin", r) || hasOrgRole(u, "owner", r.Org)
}

//go:noinline
func mayRead(u *User, r *Repo) bool {
	return hasRepoRole(u, "reader", r) || mayWrite(u, r) || hasOrgRole(u, "member", r.Org)
}

//go:noinline
func mayClose(u *User, i *Issue) bool { return i.AuthorId == u.Id || mayWrite(u, i.Repo) }

func roleChainFloor(p *Problem) Floor {
	user, doc := p.Args[0].(*ChainUser), p.Args[2].(*ChainDoc)
	implied := map[string]string{}
	for i := range strings.Count(p.Policy, " if \"r") - 1 {
		implied[fmt.Sprintf("r%d", i)] = fmt.Sprintf("r%d", i+1)
	}
	return func() any {
		for role := "r0"; role != ""; role = implied[role] {
			for _, g := range user.DocRoles {
				if g.DocId == doc.Id && g.Role == role {
					return true
				}
			}
		}
		return false
	}
}

//go:noinline
func mayView(u *Owner, f *Folder) bool {
	for ; f != nil; f = f.Parent {
		if f.OwnerId == u.Id {
			return true
		}
	}
	return false
}

//go:noinline
func mayViewDocument(u *Employee, d *Document) bool {
	return u.Department == d.Department && u.Clearance >= d.Level && d.Status == "published" && slices.Contains(d.Regions, u.Region) && u.Age >= 18
}

func isMember(u *Owner, g *Group) bool {
	if slices.Contains(g.MemberIds, u.Id) {
		return true
	}
	for _, s := range g.Subgroups {
		if isMember(u, s) {
			return true
		}
	}
	return false
}

func levelsFloor(p *Problem) Floor {
	user, action, resource := p.Args[0].(*Member), p.Args[1].(string), p.Args[2]
	actions := map[string]int{}
	for j := range 10 {
		actions[fmt.Sprintf("act%d", j)] = j
	}
	return func() any {
		j, known := actions[action]
		class := -1
		switch resource.(type) {
		case *Res7:
			class = 7
		case *Res19:
			class = 19
		}
		return known && class >= 0 && user.Level > class+j
	}
}

func routesFloor(p *Problem) Floor {
	request := p.Args[1].(*Request)
	paths := map[string]struct{}{}
	for i := range 200 {
		paths[fmt.Sprintf("/api/v1/things/%d", i)] = struct{}{}
	}
	return func() any {
		_, ok := paths[request.Path]
		return ok && request.Method == "GET"
	}
}

func stringsFloor(p *Problem) Floor {
	user, action, thing := p.Args[0].(*Named), p.Args[1].(string), p.Args[2].(*Thing)
	rules := map[string][2]string{}
	for i := range 50 {
		rules[fmt.Sprintf("action-number-%03d", i)] = [2]string{fmt.Sprintf("user-name-%03d", i), fmt.Sprintf("kind-%03d", i)}
	}
	return func() any {
		r, ok := rules[action]
		return ok && user.Name == r[0] && thing.Kind == r[1]
	}
}

func departmentsFloor(p *Problem) Floor {
	user, action, res := p.Args[0].(*Member), p.Args[1].(string), p.Args[2].(*Res7)
	type rule struct {
		dept  string
		below int
	}
	rules := map[string][]rule{} // of class Res7
	for i := range 1000 {
		if i%20 == 7 {
			act := fmt.Sprintf("act%d", i%50)
			rules[act] = append(rules[act], rule{fmt.Sprintf("d%d", i), i % 10})
		}
	}
	return func() any {
		for _, r := range rules[action] {
			if user.Dept == r.dept && res.Level < r.below {
				return true
			}
		}
		return false
	}
}

// cons is a list as the policy has them, so that the floor copies as often as the rules do.
type cons struct {
	head int
	tail *cons
}

func appendList(xs, ys *cons) *cons {
	if xs == nil {
		return ys
	}
	return &cons{xs.head, appendList(xs.tail, ys)}
}

func reverse(xs *cons) *cons {
	if xs == nil {
		return nil
	}
	return appendList(reverse(xs.tail), &cons{xs.head, nil})
}

func reverseFloor(p *Problem, read bool) Floor {
	var xs *cons
	for _, x := range slices.Backward(p.Args[0].([]int)) {
		xs = &cons{x, xs}
	}
	answer := func(l *cons) any {
		var values []any
		for ; l != nil; l = l.tail {
			values = append(values, l.head)
		}
		return []any{values}
	}
	if read {
		return func() any { return answer(reverse(xs)) }
	}
	return func() any { return lazy{reverse(xs), answer} }
}

// lazy is an answer of which only the work is measured; checking reads it.
type lazy struct {
	list *cons
	read func(*cons) any
}

func fib(n int) int {
	if n < 2 {
		return 1
	}
	return fib(n-1) + fib(n-2)
}

func firstQueens(n int) []int {
	placed := make([]int, 0, n)
	free := upTo(n)
	var place func() bool
	place = func() bool {
		if len(free) == 0 {
			return true
		}
		for i, q := range free {
			if !safe(q, placed) {
				continue
			}
			free = slices.Delete(free, i, i+1)
			placed = append(placed, q)
			if place() {
				return true
			}
			placed = placed[:len(placed)-1]
			free = slices.Insert(free, i, q)
		}
		return false
	}
	place()
	slices.Reverse(placed) // the policy puts the newest first
	return placed
}

func safe(q int, placed []int) bool {
	for i, p := range placed {
		if d := len(placed) - i; q == p+d || q == p-d {
			return false
		}
	}
	return true
}

// condition is what a repository has to fulfil: one of its fields, or of its organization's, is a number.
type condition struct {
	field string
	id    int
}

func readConditions(u *User) any {
	var found []any
	for _, g := range u.RepoRoles {
		if g.Role == "reader" || g.Role == "writer" || g.Role == "admin" {
			found = append(found, condition{"Id", g.RepoId})
		}
	}
	for _, g := range u.OrgRoles {
		if g.Role == "member" || g.Role == "owner" {
			found = append(found, condition{"Org.Id", g.OrgId})
		}
	}
	return found
}

// Run asks n times.
func (f Floor) Run(n int) error {
	for range n {
		runtime.KeepAlive(f())
	}
	return nil
}

// Check asks once and compares the answer with the problem's.
func (f Floor) Check(p *Problem) error {
	answer := f()
	if l, ok := answer.(lazy); ok {
		answer = l.read(l.list)
	}
	return p.Verify(answer)
}
