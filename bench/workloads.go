package bench

import (
	"fmt"

	"github.com/goso-project/goso/pkg/oso"
)

// Workload is a group of questions of one kind that differ in size or answer.
type Workload struct {
	ID    string // W1 to W20
	Cases []Case
}

// Case is one question of a workload; making it loads the policy.
type Case struct {
	Name string
	Make func() (*Question, error)
}

// Workloads are all workloads that ask questions. W24, which loads, is in load.go.
var Workloads = []Workload{
	{"W1", []Case{{"lit1", literal}}},
	{"W2", sized("fact_first", factFirst, 1000, 100_000)},
	{"W3", sized("fact_miss", factMiss, 1000, 100_000)},
	{"W4", sized("fact_third", factThird, 1000, 100_000)},
	{"W5", sized("fact_free1", factFree, 1000, 100_000)},
	{"W6", []Case{{"rbac_direct", func() (*Question, error) { return rbacQuestion(true, bob(), "read", repo11()) }}}},
	{"W7", []Case{{"rbac_via_org", func() (*Question, error) { return rbacQuestion(true, alice(), "close", issue101()) }}}},
	{"W8", []Case{{"rbac_deny", func() (*Question, error) { return rbacQuestion(false, eve(), "close", issue101()) }}}},
	{"W9", sized("role_chain", chainOfRoles, 10, 100)},
	{"W10", sized("folder", chainOfFolders, 10, 100)},
	{"W11", []Case{{"abac5", fiveAttributes}}},
	{"W12", []Case{{"rebac_groups", nestedGroups}}},
	{"W13", []Case{{"deny_200", func() (*Question, error) { return manyRules(false, 7, "act3", 1) }},
		{"hit_200", func() (*Question, error) { return manyRules(true, 19, "act9", 100) }}}},
	{"W14", []Case{{"routes_200", manyRoutes}}},
	{"W15", []Case{{"in_lit_1000", inLiteral}}},
	{"W16", []Case{{"in_host_1000", inHost}}},
	{"W17", []Case{{"str_chain_50", strings50}}},
	{"W18", []Case{{"big_1000", big}}},
	{"W19", append(sized("nrev", naiveReverse, 30), sized("nrev_read", naiveReverseRead, 30)...)},
	{"W20", append(sized("fib", fibonacci, 10, 15, 20), sized("queens", queens, 6, 8)...)},
}

// sized returns a case for each size.
func sized(name string, make func(n int) (*Question, error), sizes ...int) []Case {
	var cases []Case
	for _, n := range sizes {
		cases = append(cases, Case{fmt.Sprintf("%s/n=%d", name, n), func() (*Question, error) { return make(n) }})
	}
	return cases
}

// on loads a policy and hands it to ask.
func on(policy string, ask func(o *oso.Oso) *Question, classes ...class) (*Question, error) {
	o, err := load(policy, classes...)
	if err != nil {
		return nil, err
	}
	return ask(o), nil
}

func literal() (*Question, error) {
	return on(`allow("alice", "read", "doc:1");`, func(o *oso.Oso) *Question {
		return decide(o, true, "allow", "alice", "read", "doc:1")
	})
}

func factFirst(n int) (*Question, error) {
	return on(allowFacts(n), func(o *oso.Oso) *Question {
		return decide(o, true, "allow", fmt.Sprintf("u%06d", n/2), "read", fmt.Sprintf("d%06d", n/2))
	})
}

func factMiss(n int) (*Question, error) {
	return on(allowFacts(n), func(o *oso.Oso) *Question {
		return decide(o, false, "allow", "nobody", "read", fmt.Sprintf("d%06d", n/2))
	})
}

func factThird(n int) (*Question, error) {
	return on(grantFacts(n), func(o *oso.Oso) *Question {
		return decide(o, true, "grant", "read", "acme", fmt.Sprintf("u%06d", n/2))
	})
}

func factFree(n int) (*Question, error) {
	return on(ownsFacts(n), func(o *oso.Oso) *Question {
		return list(o, "x", []any{"d000500"}, "owns", variable("x"), "u000500")
	})
}

// Organization 1 owns repository 11, and issue 101 belongs to that.
func repo11() *Repo    { return &Repo{Id: 11, Org: &Org{Id: 1}} }
func issue101() *Issue { return &Issue{Id: 101, AuthorId: 9, Repo: repo11()} }

// member returns a user with three roles of each sort on foreign objects.
func member(id int) *User {
	return &User{
		Id:        id,
		OrgRoles:  []*OrgRole{{2, "member"}, {3, "owner"}, {4, "member"}},
		RepoRoles: []*RepoRole{{22, "reader"}, {33, "admin"}, {44, "writer"}},
	}
}

func bob() *User {
	u := member(2)
	u.RepoRoles[2] = &RepoRole{11, "reader"}
	return u
}

func alice() *User {
	u := member(1)
	u.OrgRoles[2] = &OrgRole{1, "owner"}
	return u
}

func eve() *User { return member(3) }

func rbacQuestion(want bool, user *User, action string, resource any) (*Question, error) {
	return on(rbac, func(o *oso.Oso) *Question { return decide(o, want, "allow", user, action, resource) },
		class{"User", User{}}, class{"Org", Org{}}, class{"Repo", Repo{}}, class{"Issue", Issue{}})
}

func chainOfRoles(d int) (*Question, error) {
	user := &ChainUser{DocRoles: []*DocRole{{1, fmt.Sprintf("r%d", d)}}}
	return on(roleChain(d), func(o *oso.Oso) *Question { return decide(o, true, "allow", user, "p", &ChainDoc{Id: 1}) },
		class{"User", ChainUser{}}, class{"Doc", ChainDoc{}})
}

func chainOfFolders(d int) (*Question, error) {
	folder := &Folder{OwnerId: 1}
	for range d {
		folder = &Folder{OwnerId: 2, Parent: folder}
	}
	return on(folders, func(o *oso.Oso) *Question { return decide(o, true, "allow", &Owner{Id: 1}, "read", folder) },
		class{"User", Owner{}}, class{"Folder", Folder{}})
}

func fiveAttributes() (*Question, error) {
	user := &Employee{Department: "research", Clearance: 3, Region: "emea", Age: 41}
	doc := &Document{Department: "research", Level: 2, Status: "published", Regions: []string{"apac", "amer", "emea"}}
	return on(attributes, func(o *oso.Oso) *Question { return decide(o, true, "allow", user, "view", doc) },
		class{"User", Employee{}}, class{"Document", Document{}})
}

func nestedGroups() (*Question, error) {
	next := 0
	var tree func(depth int) *Group
	tree = func(depth int) *Group {
		g := &Group{MemberIds: []int{next, next + 1, next + 2}}
		next += 3
		if depth > 0 {
			for range 4 {
				g.Subgroups = append(g.Subgroups, tree(depth-1))
			}
		}
		return g
	}
	doc := &SharedDoc{Readers: []*Group{tree(3)}}
	return on(groups, func(o *oso.Oso) *Question { return decide(o, true, "allow", &Owner{Id: next - 1}, "read", doc) },
		class{"User", Owner{}}, class{"Doc", SharedDoc{}}, class{"Group", Group{}})
}

// resourceClasses are the user and the twenty resource classes of W13, W18 and W24.
func resourceClasses() []class {
	classes := []class{{"User", Member{}}}
	for i, r := range resources {
		classes = append(classes, class{fmt.Sprintf("Res%d", i), r})
	}
	return classes
}

func manyRules(want bool, resource int, action string, level int) (*Question, error) {
	return on(levels(), func(o *oso.Oso) *Question {
		return decide(o, want, "allow", &Member{Level: level}, action, pointerTo(resources[resource]))
	}, resourceClasses()...)
}

func manyRoutes() (*Question, error) {
	return on(routes(), func(o *oso.Oso) *Question {
		return decide(o, true, "allow_request", &Owner{Id: 1}, &Request{"GET", "/api/v1/things/150"})
	}, class{"User", Owner{}}, class{"Request", Request{}})
}

func inLiteral() (*Question, error) {
	return on(literalList(), func(o *oso.Oso) *Question { return decide(o, true, "ok", 2997) })
}

func inHost() (*Question, error) {
	doc := &IdDoc{Ids: make([]int, 1000)}
	for i := range doc.Ids {
		doc.Ids[i] = i
	}
	return on(`allow(u: User, "see", d: Doc) if u.Id in d.Ids;`, func(o *oso.Oso) *Question {
		return decide(o, true, "allow", &Owner{Id: 999}, "see", doc)
	}, class{"User", Owner{}}, class{"Doc", IdDoc{}})
}

func strings50() (*Question, error) {
	return on(stringChain(), func(o *oso.Oso) *Question {
		return decide(o, true, "allow", &Named{"user-name-049"}, "action-number-049", &Thing{"kind-049"})
	}, class{"User", Named{}}, class{"Res", Thing{}})
}

func big() (*Question, error) {
	return on(departments(1000), func(o *oso.Oso) *Question {
		return decide(o, true, "allow", &Member{Dept: "d7"}, "act7", &Res7{Level: 1})
	}, resourceClasses()...)
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
func naiveReverse(n int) (*Question, error) {
	q, err := naiveReverseRead(n)
	if err == nil {
		q.decided = true
	}
	return q, err
}

func naiveReverseRead(n int) (*Question, error) {
	reversed := make([]any, n)
	for i := range reversed {
		reversed[i] = int64(n - i)
	}
	return on(recursion, func(o *oso.Oso) *Question {
		return list(o, "r", []any{reversed}, "nrev", upTo(n), variable("r"))
	})
}

func fibonacci(n int) (*Question, error) {
	a, b := int64(1), int64(1)
	for range n {
		a, b = b, a+b
	}
	return on(recursion, func(o *oso.Oso) *Question { return list(o, "r", []any{a}, "fib", n, variable("r")) })
}

func queens(n int) (*Question, error) {
	want := map[int][]any{
		6: {int64(5), int64(3), int64(1), int64(6), int64(4), int64(2)},
		8: {int64(4), int64(2), int64(7), int64(3), int64(6), int64(8), int64(5), int64(1)},
	}[n]
	return on(recursion, func(o *oso.Oso) *Question {
		q := list(o, "qs", []any{want}, "queens", upTo(n), variable("qs"))
		q.first = true
		return q
	})
}
