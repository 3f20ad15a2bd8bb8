package osohttp

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"reflect"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// ErrUnauthenticated is in the chain of errors that come from looking up the actor.
var ErrUnauthenticated = errors.New("the sender of the request is not known")

// ErrNoResource is in the chain of errors that come from looking up the resource, where it was nil.
var ErrNoResource = errors.New("there is no resource")

// Guard decides about requests. It is safe for concurrent use once it is set up.
type Guard struct {
	oso   oso.Oso
	actor func(*http.Request) (any, error)
	deny  func(http.ResponseWriter, *http.Request, error)
}

// Option changes how New sets up a Guard.
type Option func(*Guard)

// WithDenied sets what answers a request that is not let through, instead of Denied.
func WithDenied(f func(w http.ResponseWriter, r *http.Request, err error)) Option {
	return func(g *Guard) {
		if f != nil {
			g.deny = f
		}
	}
}

// New returns a Guard. Actor tells who sends a request; what it returns is the first argument of the policy's rules, nil for
// somebody unknown. An error of it denies the request.
func New(o *oso.Oso, actor func(*http.Request) (any, error), options ...Option) *Guard {
	g := &Guard{actor: actor, deny: Denied}
	if o != nil {
		g.oso = *o
	}
	for _, set := range options {
		set(g)
	}
	return g
}

// key is of context values; those of one Guard are not another's.
type key struct {
	guard *Guard
	kind  string
}

// found holds an actor that has been looked up, nil too.
type found struct{ actor any }

// Actor returns the actor of a request that a handler of this Guard let through.
func (g *Guard) Actor(ctx context.Context) any {
	f, _ := ctx.Value(key{g, "actor"}).(found)
	return f.actor
}

// Loaded returns the resource of a request that Resource let through, so that handlers need not look it up again.
func (g *Guard) Loaded(ctx context.Context) any { return ctx.Value(key{g, "resource"}) }

// withActor returns the request with its actor, which is looked up once.
func (g *Guard) withActor(r *http.Request) (*http.Request, any, error) {
	if f, ok := r.Context().Value(key{g, "actor"}).(found); ok {
		return r, f.actor, nil
	}
	if g.actor == nil {
		return r, nil, ErrUnauthenticated
	}
	actor, err := g.actor(r)
	if err != nil {
		return r, nil, errors.Join(ErrUnauthenticated, err)
	}
	return r.WithContext(context.WithValue(r.Context(), key{g, "actor"}, found{actor})), actor, nil
}

// CheckRequest asks the policy for allow_request(actor, request), where request is the *http.Request. It returns the request to go on
// with, or the error that denies it. Request is the handler around it; adapters for other frameworks use it alone.
func (g *Guard) CheckRequest(r *http.Request) (*http.Request, error) {
	r, actor, err := g.withActor(r)
	if err != nil {
		return nil, err
	}
	if err := g.oso.AuthorizeRequestContext(r.Context(), actor, r); err != nil {
		return nil, err
	}
	return r, nil
}

// CheckResource looks a resource up and asks the policy for allow(actor, action, resource). It returns the request to go on with, or the
// error that denies it. Resource is the handler around it.
func (g *Guard) CheckResource(r *http.Request, action any, load func(*http.Request) (any, error)) (*http.Request, error) {
	r, actor, err := g.withActor(r)
	if err != nil {
		return nil, err
	}
	resource, err := load(r)
	if err != nil {
		return nil, err
	}
	if isNil(resource) {
		return nil, ErrNoResource
	}
	if err := g.oso.AuthorizeContext(r.Context(), actor, action, resource); err != nil {
		return nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), key{g, "resource"}, resource)), nil
}

func isNil(x any) bool {
	v := reflect.ValueOf(x)
	return !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Map || v.Kind() == reflect.Slice) && v.IsNil()
}

// Request returns a handler that passes on what the policy's allow_request admits.
func (g *Guard) Request(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed, err := g.CheckRequest(r)
		if err != nil {
			g.deny(w, r, err)
			return
		}
		next.ServeHTTP(w, allowed)
	})
}

// Resource returns a handler that passes on what the policy's allow admits for an action on the resource that load finds. An error of
// load denies; fs.ErrNotExist and a nil resource as not found.
func (g *Guard) Resource(action any, load func(*http.Request) (any, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed, err := g.CheckResource(r, action, load)
		if err != nil {
			g.deny(w, r, err)
			return
		}
		next.ServeHTTP(w, allowed)
	})
}

// Denied answers a request with the status of an error and that status's name.
func Denied(w http.ResponseWriter, _ *http.Request, err error) {
	status := Status(err)
	http.Error(w, http.StatusText(status), status)
}

// Status returns the status for an error that denies a request: 404 for ErrNotFound of package errors, ErrNoResource and fs.ErrNotExist, 403 for
// ErrForbidden, 401 for ErrUnauthenticated, and 500 for everything else, nil too.
func Status(err error) int {
	for _, s := range []struct {
		is     error
		status int
	}{
		{ErrUnauthenticated, http.StatusUnauthorized},
		{osoerrors.ErrForbidden, http.StatusForbidden},
		{osoerrors.ErrNotFound, http.StatusNotFound},
		{ErrNoResource, http.StatusNotFound},
		{fs.ErrNotExist, http.StatusNotFound},
	} {
		if errors.Is(err, s.is) {
			return s.status
		}
	}
	return http.StatusInternalServerError
}
