package bench

import (
	"fmt"
	"reflect"
	"strings"
)

// Workload is a group of problems that have a policy in common.
type Workload struct {
	ID    string // W1 to W24
	Cases []Case
}

// Case is one problem of a workload. Making it builds its text and its objects.
type Case struct {
	Name string
	Make func() *Problem
}

// Workloads are all that ask one question or load one policy. W22 and W23 measure these in other ways, and W25 is Growth.
var Workloads = []Workload{
	{"W1", []Case{{"lit1", literal}}},
	{"W2", sized("fact_first", factFirst, 1000, 100_000)},
	{"W3", sized("fact_miss", factMiss, 1000, 100_000)},
	{"W4", sized("fact_third", factThird, 1000, 100_000)},
	{"W5", sized("fact_free1", factFree, 1000, 100_000)},
	{"W6", []Case{{"rbac_direct", func() *Problem { return rbacProblem(true, Bob(), "read", Repo11()) }}}},
	{"W7", []Case{{"rbac_via_org", func() *Problem { return rbacProblem(true, Alice(), "close", Issue101()) }}}},
	{"W8", []Case{{"rbac_deny", func() *Problem { return rbacProblem(false, Eve(), "close", Issue101()) }}}},
	{"W9", sized("role_chain", chainOfRoles, 10, 100)},
	{"W10", sized("folder", chainOfFolders, 10, 100)},
	{"W11", []Case{{"abac5", func() *Problem { return fiveAttributes(0) }}}},
	{"W12", []Case{{"rebac_groups", nestedGroups}}},
	{"W13", []Case{{"deny_200", func() *Problem { return manyRules(false, 7, "act3", 1) }},
		{"hit_200", func() *Problem { return manyRules(true, 19, "act9", 100) }}}},
	{"W14", []Case{{"routes_200", func() *Problem { return manyRoutes(200, 150) }}}},
	{"W15", []Case{{"in_lit_1000", func() *Problem { return inLiteral(1000) }}}},
	{"W16", []Case{{"in_host_1000", func() *Problem { return inHost(1000) }}}},
	{"W17", []Case{{"str_chain_50", strings50}}},
	{"W18", []Case{{"big_1000", big}}},
	{"W19", append(sized("nrev", naiveReverse, 30), sized("nrev_read", naiveReverseRead, 30)...)},
	{"W20", append(sized("fib", fibonacci, 10, 15, 20), sized("queens", queens, 6, 8)...)},
	{"W21", []Case{{"data_filter", dataFilter}}},
	{"W24", append(sized("load", loadRules, 10, 1000, 50_000), sized("load_facts", loadFacts, 100_000)...)},
}

// Problems returns the problems of all workloads in order; none is built before it is made.
func Problems() []Case {
	var all []Case
	for _, w := range Workloads {
		for _, c := range w.Cases {
			all = append(all, named(w.ID+"/"+c.Name, c.Make))
		}
	}
	return all
}

// Find makes the problem of an ID, of the workloads or of a growth series; nil if there is none.
func Find(id string) *Problem {
	for _, c := range append(Problems(), growthCases()...) {
		if c.Name == id {
			return c.Make()
		}
	}
	return nil
}

// named returns a case whose problem carries an ID, which is also the case's name.
func named(id string, make func() *Problem) Case {
	return Case{id, func() *Problem {
		p := make()
		p.ID = id
		return p
	}}
}

// sized returns a case for each size.
func sized(name string, make func(n int) *Problem, sizes ...int) []Case {
	var cases []Case
	for _, n := range sizes {
		cases = append(cases, Case{fmt.Sprintf("%s/n=%d", name, n), func() *Problem { return make(n) }})
	}
	return cases
}

func literal() *Problem {
	return decide(`allow("alice", "read", "doc:1");`, nil, true, "allow", "alice", "read", "doc:1")
}

func factFirst(n int) *Problem {
	return decide(allowFacts(n), nil, true, "allow", fmt.Sprintf("u%06d", n/2), "read", fmt.Sprintf("d%06d", n/2))
}

func factMiss(n int) *Problem {
	return decide(allowFacts(n), nil, false, "allow", "nobody", "read", fmt.Sprintf("d%06d", n/2))
}

func factThird(n int) *Problem {
	return decide(grantFacts(n), nil, true, "grant", "read", "acme", fmt.Sprintf("u%06d", n/2))
}

func factFree(n int) *Problem {
	return list(ownsFacts(n), nil, "x", []any{"d000500"}, "owns", Variable("x"), "u000500")
}

// Repo11 is repository 11, which belongs to organization 1.
func Repo11() *Repo { return &Repo{Id: 11, Org: &Org{Id: 1}} }

// Issue101 is an issue of repository 11.
func Issue101() *Issue { return &Issue{Id: 101, AuthorId: 9, Repo: Repo11()} }

// stranger returns a user with three roles of each sort on foreign objects.
func stranger(id int) *User {
	return &User{
		Id:        id,
		OrgRoles:  []*OrgRole{{2, "member"}, {3, "owner"}, {4, "member"}},
		RepoRoles: []*RepoRole{{22, "reader"}, {33, "admin"}, {44, "writer"}},
	}
}

// Bob is a reader of repository 11.
func Bob() *User {
	u := stranger(2)
	u.RepoRoles[2] = &RepoRole{11, "reader"}
	return u
}

// Alice is the owner of organization 1.
func Alice() *User {
	u := stranger(1)
	u.OrgRoles[2] = &OrgRole{1, "owner"}
	return u
}

// Eve has roles on foreign objects only.
func Eve() *User { return stranger(3) }

func rbacProblem(want bool, user *User, action string, resource any) *Problem {
	classes := []Class{class("User", User{}), class("Org", Org{}), class("Repo", Repo{}), class("Issue", Issue{})}
	return decide(rbac, classes, want, "allow", user, action, resource)
}

func chainOfRoles(d int) *Problem {
	user := &ChainUser{DocRoles: []*DocRole{{1, fmt.Sprintf("r%d", d)}}}
	return decide(roleChain(d), []Class{class("User", ChainUser{}), class("Doc", ChainDoc{})}, true, "allow", user, "p", &ChainDoc{Id: 1})
}

func chainOfFolders(d int) *Problem {
	folder := &Folder{OwnerId: 1}
	for range d {
		folder = &Folder{OwnerId: 2, Parent: folder}
	}
	return decide(folders, []Class{class("User", Owner{}), class("Folder", Folder{})}, true, "allow", &Owner{Id: 1}, "read", folder)
}

// fiveAttributes asks about a document that has rows the policy does not speak of.
func fiveAttributes(rows int) *Problem {
	user := &Employee{Department: "research", Clearance: 3, Region: "emea", Age: 41}
	doc := &Document{Department: "research", Level: 2, Status: "published", Regions: []string{"apac", "amer", "emea"}}
	classes := []Class{class("User", Employee{}), class("Document", Document{})}
	if rows == 0 {
		return decide(attributes, classes, true, "allow", user, "view", doc)
	}
	long := &LongDocument{Document: *doc}
	for i := range rows {
		long.Rows = append(long.Rows, &Row{i, fmt.Sprintf("row %d", i)})
	}
	classes[1] = class("Document", LongDocument{})
	return decide(attributes, classes, true, "allow", user, "view", long)
}

// GroupTree returns a tree of groups, each with three members and four subgroups, and the id after the last member's.
func GroupTree(depth, firstId int) (*Group, int) {
	g := &Group{MemberIds: []int{firstId, firstId + 1, firstId + 2}}
	next := firstId + 3
	if depth > 0 {
		for range 4 {
			var sub *Group
			sub, next = GroupTree(depth-1, next)
			g.Subgroups = append(g.Subgroups, sub)
		}
	}
	return g, next
}

var groupClasses = []Class{class("User", Owner{}), class("Doc", SharedDoc{}), class("Group", Group{})}

func nestedGroups() *Problem {
	tree, next := GroupTree(3, 0)
	return decide(groups, groupClasses, true, "allow", &Owner{Id: next - 1}, "read", &SharedDoc{Readers: []*Group{tree}})
}

// resourceClasses are the user and the twenty resource classes of W13, W18 and W24.
func resourceClasses() []Class {
	classes := []Class{class("User", Member{})}
	for i, r := range resources {
		classes = append(classes, class(fmt.Sprintf("Res%d", i), r))
	}
	return classes
}

// resource returns an object of one of the twenty classes.
func resource(i int) any { return pointerTo(reflect.TypeOf(resources[i])) }

func manyRules(want bool, class int, action string, level int) *Problem {
	return decide(levels(), resourceClasses(), want, "allow", &Member{Level: level}, action, resource(class))
}

func manyRoutes(n, asked int) *Problem {
	request := &Request{"GET", fmt.Sprintf("/api/v1/things/%d", asked)}
	return decide(routes(n), []Class{class("User", Owner{}), class("Request", Request{})}, true, "allow_request", &Owner{Id: 1}, request)
}

func inLiteral(n int) *Problem { return decide(literalList(n), nil, true, "ok", 3*(n-1)) }

func inHost(n int) *Problem {
	doc := &IdDoc{Ids: make([]int, n)}
	for i := range doc.Ids {
		doc.Ids[i] = i
	}
	return decide(`allow(u: User, "see", d: Doc) if u.Id in d.Ids;`, []Class{class("User", Owner{}), class("Doc", IdDoc{})},
		true, "allow", &Owner{Id: n - 1}, "see", doc)
}

func strings50() *Problem {
	return decide(stringChain(), []Class{class("User", Named{}), class("Res", Thing{})},
		true, "allow", &Named{"user-name-049"}, "action-number-049", &Thing{"kind-049"})
}

func big() *Problem {
	return decide(departments(1000), resourceClasses(), true, "allow", &Member{Dept: "d7"}, "act7", &Res7{Level: 1})
}

// upTo returns 1 … n.
func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// naiveReverse measures the reversal alone, naiveReverseRead also the conversion of the result to a Go list.
func naiveReverse(n int) *Problem {
	p := naiveReverseRead(n)
	p.Decided = true
	return p
}

func naiveReverseRead(n int) *Problem {
	reversed := make([]any, n)
	for i := range reversed {
		reversed[i] = n - i
	}
	return list(recursion, nil, "r", []any{reversed}, "nrev", upTo(n), Variable("r"))
}

func fibonacci(n int) *Problem {
	a, b := 1, 1
	for range n {
		a, b = b, a+b
	}
	return list(recursion, nil, "r", []any{a}, "fib", n, Variable("r"))
}

// firstPlacement is the first solution of the queens on boards of two sizes.
var firstPlacement = map[int][]int{6: {5, 3, 1, 6, 4, 2}, 8: {4, 2, 7, 3, 6, 8, 5, 1}}

func queens(n int) *Problem {
	p := list(recursion, nil, "qs", []any{firstPlacement[n]}, "queens", upTo(n), Variable("qs"))
	p.Take = 1
	return p
}

// dataFilter asks for the conditions under which a repository may be read: of six roles, six conditions.
func dataFilter() *Problem {
	user := &User{
		OrgRoles:  []*OrgRole{{1, "member"}, {2, "member"}, {3, "member"}},
		RepoRoles: []*RepoRole{{11, "reader"}, {22, "writer"}, {33, "admin"}},
	}
	repo := class("Repo", OrgRepo{})
	repo.One = map[string]Relation{"Org": {"Org", "OrgId", "Id"}}
	p := list(readable, []Class{class("User", User{}), class("Org", Org{}), repo},
		"repo", []any{1, 2, 3, 11, 22, 33}, "readable", user, Variable("repo"))
	p.Partial = true
	return p
}

// loadRules measures the way from the text of a policy to the first question it can answer, which the last rule grants.
func loadRules(n int) *Problem {
	last := n - 1
	r := resource(last % 20)
	p := decide(departments(n), resourceClasses(), last%10 > 0, "allow", &Member{Dept: fmt.Sprintf("d%d", last)}, fmt.Sprintf("act%d", last%50), r)
	p.Load = true
	return p
}

func loadFacts(n int) *Problem {
	p := factFirst(n)
	p.Load = true
	return p
}

// repeat writes n numbered rules.
func repeat(n int, rule func(b *strings.Builder, i int)) string {
	var b strings.Builder
	for i := range n {
		rule(&b, i)
		b.WriteByte('\n')
	}
	return b.String()
}
