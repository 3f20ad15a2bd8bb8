package bench

import (
	"fmt"
	"strings"
)

// The parts of policy A: roles on organizations and repositories, and what follows from them for issues.
const (
	orgBlocks = `
actor User {}
resource Org {
  roles = ["owner", "member"];
  permissions = ["invite", "create_repo"];
  "member" if "owner";
  "create_repo" if "member";
  "invite" if "owner";
}
resource Repo {
  roles = ["admin", "writer", "reader"];
  permissions = ["read", "push", "delete"];
  relations = { org: Org };
  "reader" if "writer";
  "writer" if "admin";
  "admin" if "owner" on "org";
  "reader" if "member" on "org";
  "read" if "reader";
  "push" if "writer";
  "delete" if "admin";
}
`
	issueBlock = `
resource Issue {
  roles = ["author"];
  permissions = ["view", "close"];
  relations = { repo: Repo };
  "view" if "read" on "repo";
  "close" if "writer" on "repo";
  "close" if "author";
}
`
	orgRules = `
has_role(u: User, role: String, o: Org) if g in u.OrgRoles and g.OrgId = o.Id and g.Role = role;
has_role(u: User, role: String, r: Repo) if g in u.RepoRoles and g.RepoId = r.Id and g.Role = role;
has_relation(o: Org, "org", r: Repo) if o = r.Org;
`
	issueRules = `
has_role(u: User, "author", i: Issue) if i.AuthorId = u.Id;
has_relation(r: Repo, "repo", i: Issue) if r = i.Repo;
`
	allowRule = `
allow(a, act, r) if has_permission(a, act, r);
`
)

// rbac is policy A.
const rbac = orgBlocks + issueBlock + orgRules + issueRules + allowRule

// readable is policy A cut to organizations and repositories, with the question of W21 as a rule.
const readable = orgBlocks + orgRules + allowRule + `
readable(user, repo: Repo) if allow(user, "read", repo);
`

// folders is policy B: who may see a folder may see what is in it.
const folders = `
actor User {}
resource Folder {
  roles = ["viewer"];
  permissions = ["read"];
  relations = { parent: Folder };
  "read" if "viewer";
  "viewer" if "viewer" on "parent";
}
has_relation(p: Folder, "parent", f: Folder) if p = f.Parent;
has_role(u: User, "viewer", f: Folder) if f.OwnerId = u.Id;
allow(a, act, r) if has_permission(a, act, r);
`

// attributes is policy C: five conditions on attributes.
const attributes = `
allow(u: User, "view", d: Document) if
  u.Department = d.Department and
  u.Clearance >= d.Level and
  d.Status = "published" and
  u.Region in d.Regions and
  u.Age >= 18;
`

// groups is policy D: membership through nested groups.
const groups = `
allow(u: User, "read", d: Doc) if g in d.Readers and member(u, g);
member(u: User, g: Group) if id in g.MemberIds and id = u.Id;
member(u: User, g: Group) if s in g.Subgroups and member(u, s);
`

// recursion is policy E: programs without host objects.
const recursion = `
app([], ys, ys);
app([x, *xs], ys, [x, *zs]) if app(xs, ys, zs);
nrev([], []);
nrev([x, *xs], r) if nrev(xs, t) and app(t, [x], r);
fib(0, 1) if cut;
fib(1, 1) if cut;
fib(n, a + b) if fib(n - 1, a) and fib(n - 2, b);
queens(ns, qs) if place(ns, [], qs);
place([], qs, qs);
place([u, *us], done, qs) if sel(q, [u, *us], rest) and safe(q, 1, done) and place(rest, [q, *done], qs);
sel(x, [x, *xs], xs);
sel(x, [y, *ys], [y, *zs]) if sel(x, ys, zs);
safe(_, _, []);
safe(q, d, [p, *ps]) if q != p + d and q != p - d and d1 = d + 1 and safe(q, d1, ps);
`

func allowFacts(n int) string {
	return repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, `allow("u%06d", "read", "d%06d");`, i, i) })
}

func grantFacts(n int) string {
	return repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, `grant("read", "acme", "u%06d");`, i) })
}

func ownsFacts(n int) string {
	return repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, `owns("d%06d", "u%06d");`, i, i) })
}

// roleChain is the policy of W9: a permission behind a chain of d roles.
func roleChain(d int) string {
	roles := make([]string, d+1)
	for i := range roles {
		roles[i] = fmt.Sprintf("%q", fmt.Sprintf("r%d", i))
	}
	implied := repeat(d, func(b *strings.Builder, i int) { fmt.Fprintf(b, `  "r%d" if "r%d";`, i, i+1) })
	return fmt.Sprintf(`
actor User {}
resource Doc {
  roles = [%s];
  permissions = ["p"];
  "p" if "r0";
%s}
has_role(u: User, role: String, d: Doc) if g in u.DocRoles and g.DocId = d.Id and g.Role = role;
allow(a, act, r) if has_permission(a, act, r);
`, strings.Join(roles, ", "), implied)
}

// levels is the policy of W13: ten rules for each of twenty classes.
func levels() string {
	return repeat(200, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `allow(u: User, "act%d", _r: Res%d) if u.Level > %d;`, i%10, i/10, i/10+i%10)
	})
}

func routes(n int) string {
	return repeat(n, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `allow_request(_: User, _: Request{Method: "GET", Path: "/api/v1/things/%d"});`, i)
	})
}

func literalList(n int) string {
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprint(3 * i)
	}
	return "ok(x) if x in [" + strings.Join(numbers, ", ") + "];"
}

func stringChain() string {
	return repeat(50, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `allow(u: User, act: String, r: Res) if act = "action-number-%03d" and u.Name = "user-name-%03d" and r.Kind = "kind-%03d";`, i, i, i)
	})
}

// departments is the policy of W18 and W24.
func departments(n int) string {
	return repeat(n, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `allow(u: User, "act%d", r: Res%d) if u.Dept = "d%d" and r.Level < %d;`, i%50, i%20, i, i%10)
	})
}
