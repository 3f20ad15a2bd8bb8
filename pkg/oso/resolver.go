package oso

import (
	"context"
	"strings"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
)

// Resolver answers questions about application objects in place of the Oso. IsAllowedBatch and AuthorizeMany ask it the open
// questions of all their checks in one call, every other query one question a call.
//
// Resolve answers each question by one of its methods. A question that it leaves open ends its query with an error, an error
// or panic of Resolve ends the queries of all of them. The context is that of the queries. Resolve must be safe for concurrent use,
// must not keep the questions, and may run queries of its own.
type Resolver interface {
	Resolve(ctx context.Context, questions []*Question) error
}

// ResolverFunc is a func as a Resolver.
type ResolverFunc func(ctx context.Context, questions []*Question) error

// Resolve calls the func.
func (f ResolverFunc) Resolve(ctx context.Context, questions []*Question) error {
	return f(ctx, questions)
}

// WithResolver has a Resolver answer questions of every query. Names say which: "Document.owner" the attribute and the method
// owner of objects of the class Document, "owner" those of any object. Without names the Resolver is asked everything,
// and leaves to the Oso what it does not know, with Question.Pass. A nil Resolver is none.
func WithResolver(r Resolver, names ...string) Option {
	return func(c *core) {
		c.resolver, c.resolved = r, nil
		if len(names) == 0 {
			return
		}
		c.resolved = selection{}
		for _, name := range names {
			class := ""
			if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
				class, name = name[:dot], name[dot+1:]
			}
			c.resolved[name] = append(c.resolved[name], class)
		}
	}
}

// selection says which attributes and methods are asked for: the classes by name, "" for any. A nil one selects every question.
type selection map[string][]string

func (sel selection) has(s *host.Session, receiver wam.Value, name string) bool {
	if sel == nil {
		return true
	}
	for _, class := range sel[name] {
		if class == "" || s.Belongs(receiver, class) {
			return true
		}
	}
	return false
}

// asking is the host of a query whose questions somebody else answers: a Resolver at once, or whoever drives the query,
// later. It is for one goroutine at a time, like the query.
type asking struct {
	session  *host.Session
	selected selection
	resolver Resolver  // nil: the answer comes later
	open     *Question // which the query waits for
}

// readingAsker is an asking of a selection. The machine may read all other fields without a question.
type readingAsker struct{ *asking }

// ReadField reads a field that is not asked for.
func (a readingAsker) ReadField(object any, shape int, name string, into *wam.Value) bool {
	return a.selected[name] == nil && a.session.ReadField(object, shape, name, into)
}

// Planner returns nil: the machine must ask ReadField about each field.
func (a readingAsker) Planner() wam.Planner { return nil }

// Sequence makes a list.
func (a readingAsker) Sequence(elem *wam.Plan, items access.Slice) wam.Sequence {
	return a.session.Sequence(elem, items)
}

// hostOf returns the host of an ordinary query in a session.
func (c *core) hostOf(s *host.Session) engine.Host {
	if c.resolver == nil {
		return s
	}
	return c.askingIn(s, c.resolver).host()
}

// askingIn returns a host that asks for what the options select.
func (c *core) askingIn(s *host.Session, r Resolver) *asking {
	return &asking{session: s, selected: c.resolved, resolver: r}
}

func (a *asking) host() engine.Host {
	if a.selected == nil {
		return a
	}
	return readingAsker{a}
}

// ask has a question answered, or leaves it open.
func (a *asking) ask(ctx context.Context, q *Question) engine.Answer {
	if a.resolver == nil {
		a.open = q
		return engine.Answer{Err: engine.ErrPending}
	}
	resolve(a.session.Bounded(ctx), a.resolver, []*Question{q})
	return q.settle(ctx, a.session)
}

// settle answers the open question of a query.
func (a *asking) settle(ctx context.Context, q *engine.Query) {
	open := a.open
	a.open = nil
	q.Answer(open.settle(ctx, a.session))
}

// resolve has a Resolver answer questions. All fail when it does.
func resolve(ctx context.Context, r Resolver, questions []*Question) {
	var err error
	if panicked := host.Guard(func() { err = r.Resolve(ctx, questions) }); panicked != nil {
		err = panicked
	}
	if err != nil {
		for _, q := range questions {
			q.Fail(err)
		}
	}
}

// question makes a question of values of the engine; by answers it by reflection.
func (a *asking) question(kind QuestionKind, receiver wam.Value, name string, args []wam.Value, kwargs []engine.Kwarg,
	by func(context.Context) engine.Answer) (*Question, error) {
	q := &Question{Kind: kind, Name: name, asked: asked{receiver: receiver, pass: by}}
	var err error
	if kind != AskNew {
		if q.Receiver, err = a.session.Go(receiver, true); err != nil {
			return nil, err
		}
	}
	for _, v := range args {
		x, err := a.session.Go(v, true)
		if err != nil {
			return nil, err
		}
		q.Args = append(q.Args, x)
	}
	for _, k := range kwargs {
		if q.Kwargs == nil {
			q.Kwargs = make(map[string]any, len(kwargs))
		}
		if q.Kwargs[k.Name], err = a.session.Go(k.Value, true); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// put makes a question and asks it.
func (a *asking) put(ctx context.Context, kind QuestionKind, receiver wam.Value, name string, args []wam.Value, kwargs []engine.Kwarg,
	by func(context.Context) engine.Answer) engine.Answer {
	q, err := a.question(kind, receiver, name, args, kwargs, by)
	if err != nil {
		return engine.Answer{Err: final(err)}
	}
	return a.ask(ctx, q)
}

// Lookup asks for an attribute.
func (a *asking) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	if !a.selected.has(a.session, receiver, name) {
		return a.session.Lookup(ctx, receiver, name)
	}
	got := a.put(ctx, AskAttribute, receiver, name, nil, nil, func(ctx context.Context) (by engine.Answer) {
		by.Value, by.Err = a.session.Lookup(ctx, receiver, name)
		return by
	})
	return got.Value, got.Err
}

// Call asks for the result of a method.
func (a *asking) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if !a.selected.has(a.session, receiver, method) {
		return a.session.Call(ctx, receiver, method, args, kwargs)
	}
	got := a.put(ctx, AskMethod, receiver, method, args, kwargs, func(ctx context.Context) (by engine.Answer) {
		by.Value, by.Err = a.session.Call(ctx, receiver, method, args, kwargs)
		return by
	})
	return got.Value, got.Err
}

// New asks for an instance.
func (a *asking) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if a.selected != nil {
		return a.session.New(ctx, class, args, kwargs)
	}
	got := a.put(ctx, AskNew, wam.StringValue(class), class, args, kwargs, func(ctx context.Context) (by engine.Answer) {
		by.Value, by.Err = a.session.New(ctx, class, args, kwargs)
		return by
	})
	return got.Value, got.Err
}

// Isa asks whether an object belongs to a class.
func (a *asking) Isa(ctx context.Context, v wam.Value, class string) (bool, error) {
	if a.selected != nil {
		return a.session.Isa(ctx, v, class)
	}
	got := a.put(ctx, AskIsa, v, class, nil, nil, func(ctx context.Context) (by engine.Answer) {
		by.Yes, by.Err = a.session.Isa(ctx, v, class)
		return by
	})
	return got.Yes, got.Err
}

// Compare asks whether a comparison holds.
func (a *asking) Compare(ctx context.Context, op string, left, right wam.Value) (bool, error) {
	if a.selected != nil {
		return a.session.Compare(ctx, op, left, right)
	}
	got := a.put(ctx, AskCompare, left, host.Symbol(op), []wam.Value{right}, nil, func(ctx context.Context) (by engine.Answer) {
		by.Yes, by.Err = a.session.Compare(ctx, op, left, right)
		return by
	})
	return got.Yes, got.Err
}

// Iterate asks for the elements of an object.
func (a *asking) Iterate(ctx context.Context, v wam.Value) (engine.Iterator, error) {
	if a.selected != nil {
		return a.session.Iterate(ctx, v)
	}
	got := a.put(ctx, AskElements, v, "", nil, nil, func(ctx context.Context) (by engine.Answer) {
		by.Iterator, by.Err = a.session.Iterate(ctx, v)
		return by
	})
	return got.Iterator, got.Err
}

// IsSubclass, IsaWithPath and Describe are matters of what is registered.
func (a *asking) IsSubclass(ctx context.Context, left, right string) (bool, error) {
	return a.session.IsSubclass(ctx, left, right)
}

// IsaWithPath answers from declared fields.
func (a *asking) IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error) {
	return a.session.IsaWithPath(ctx, base, path, class)
}

// Describe describes an object in a message.
func (a *asking) Describe(v wam.Value) (text, class string) { return a.session.Describe(v) }
