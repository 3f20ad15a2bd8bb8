package roles

import "github.com/goso-project/goso/internal/wam"

// run goes back from what is wanted to the roles that lead to it. It reaches each pair of a role and a node once, and seeks
// each name above each node once, so that its cost is that of the edges, and cycles end.
type run struct {
	search *search
	// follow is false if only the roles that permit the action are wanted, not those that imply them.
	follow bool

	seen    map[pair]bool
	todo    []pair // reached, but not followed
	fresh   []pair // reached, but not given out
	climbed map[climb]bool
	waiting []climb // until the parents of their nodes are known
}

// pair is a role on a node.
type pair struct {
	role string
	node int
}

// climb seeks a name in one list of the roles above a node.
type climb struct {
	listed
	node int
}

func (s *search) run(follow bool) *run {
	return &run{search: s, follow: follow, seen: map[pair]bool{}, climbed: map[climb]bool{}}
}

// allowing returns a run for the roles that permit an action of a declaration.
func (s *search) allowing(number int, action string, follow bool) *run {
	r := s.run(follow)
	d := s.nodes[0].declared[number]
	for _, role := range d.naming[listed{permissions, action}] {
		r.reach(pair{role, 0})
	}
	r.climb(permissions, d.space, action, 0)
	return r
}

// assuming returns a run for the roles that lead to one.
func (s *search) assuming(role string) *run {
	r := s.run(true)
	r.reach(pair{role, 0})
	return r
}

// everything returns a run that reaches nothing, but goes through all that is above.
func (s *search) everything() *run {
	r := s.run(false)
	r.climb("", "every", "", 0)
	return r
}

func (r *run) reach(p pair) {
	if r.seen[p] {
		return
	}
	r.seen[p] = true
	r.fresh = append(r.fresh, p)
	if r.follow {
		r.todo = append(r.todo, p)
	}
}

// climb begins to seek a name, qualified by a namespace, above a node.
func (r *run) climb(list, space, name string, node int) {
	if space == "" {
		return
	}
	r.waiting = append(r.waiting, climb{listed{list, space + ":" + name}, node})
}

// reached follows what was reached as far as the known parents allow, and returns what is new: roles, each with what it
// must be held on; no value if there are none.
func (r *run) reached() wam.Value {
	for r.step() {
	}
	var values []wam.Value
	for _, p := range r.fresh {
		values = append(values, wam.ListValue(wam.StringValue(p.role), r.search.nodes[p.node].value))
	}
	r.fresh = nil
	return someOf(values)
}

// step follows all that can be followed, and reports whether that was something.
func (r *run) step() bool {
	todo, waiting := r.todo, r.waiting
	r.todo, r.waiting = nil, nil
	for _, p := range todo {
		n := &r.search.nodes[p.node]
		r.seek(listed{implies, p.role}, p.node)
		for _, d := range n.declared {
			r.climb(implies, d.space, p.role, p.node)
		}
	}
	moved := len(todo) > 0
	for _, c := range waiting {
		n := &r.search.nodes[c.node]
		if !n.climbed {
			r.waiting = append(r.waiting, c)
			continue
		}
		moved = true
		for _, up := range n.up {
			next := climb{c.listed, up}
			if r.climbed[next] {
				continue
			}
			r.climbed[next] = true
			r.seek(c.listed, up)
			r.waiting = append(r.waiting, next)
		}
	}
	return moved
}

// seek reaches the roles of a node that have a name in a list.
func (r *run) seek(key listed, node int) {
	for _, d := range r.search.nodes[node].declared {
		for _, role := range d.naming[key] {
			r.reach(pair{role, node})
		}
	}
}

// frontier returns the nodes whose parents the run waits for, each with its value. They count as climbed from now on: whoever
// asks connects them with their parents.
func (r *run) frontier() wam.Value {
	var values []wam.Value
	for _, c := range r.waiting {
		n := &r.search.nodes[c.node]
		if !n.climbed {
			n.climbed = true
			values = append(values, wam.ListValue(wam.IntValue(int64(c.node)), n.value))
		}
	}
	return someOf(values)
}
