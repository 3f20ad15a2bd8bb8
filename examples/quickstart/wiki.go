package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"sync"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

//go:embed policy.polar
var policy string

// User, Grant and Page are the program's own types. The policy reads their exported fields.
type User struct {
	Name   string
	Grants []Grant
}

type Grant struct {
	Page string // slug
	Role string
}

type Page struct {
	Slug   string
	Public bool

	mu   sync.Mutex
	text string
}

// Wiki serves pages to users, and asks the policy before it does.
type Wiki struct {
	oso   oso.Oso
	users map[string]*User
	pages map[string]*Page
}

// NewWiki returns a wiki with a few users and pages.
func NewWiki() (*Wiki, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	for _, t := range []reflect.Type{reflect.TypeFor[User](), reflect.TypeFor[Page]()} {
		if err := o.RegisterClass(t, nil); err != nil {
			return nil, err
		}
	}
	if err := o.LoadString(policy); err != nil {
		return nil, err
	}
	return &Wiki{
		oso: o,
		users: map[string]*User{
			"alice": {Name: "alice", Grants: []Grant{{"welcome", "editor"}, {"plans", "editor"}}},
			"bob":   {Name: "bob", Grants: []Grant{{"plans", "reader"}}},
			"eve":   {Name: "eve"},
		},
		pages: map[string]*Page{
			"welcome": {Slug: "welcome", Public: true, text: "Welcome, everyone."},
			"plans":   {Slug: "plans", text: "Nobody must know."},
		},
	}, nil
}

// Handler returns the HTTP interface: GET reads a page, PUT writes it.
func (w *Wiki) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /pages/{slug}", w.guard("read", func(rw http.ResponseWriter, r *http.Request, p *Page) {
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintln(rw, p.text)
	}))
	mux.HandleFunc("PUT /pages/{slug}", w.guard("write", func(rw http.ResponseWriter, r *http.Request, p *Page) {
		text, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 1<<16))
		if err != nil {
			http.Error(rw, "the text is too long", http.StatusRequestEntityTooLarge)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.text = string(text)
		fmt.Fprintln(rw, "saved")
	}))
	return mux
}

// guard runs a handler only if the policy allows the user the action on the page.
func (w *Wiki) guard(action string, handle func(http.ResponseWriter, *http.Request, *Page)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		// A real program would check a session or a token here.
		user := w.users[r.Header.Get("X-User")]
		if user == nil {
			http.Error(rw, "who are you?", http.StatusUnauthorized)
			return
		}
		page := w.pages[r.PathValue("slug")]
		if page == nil {
			http.NotFound(rw, r)
			return
		}
		switch err := w.oso.AuthorizeContext(r.Context(), user, action, page); {
		case err == nil:
			handle(rw, r, page)
		case errors.Is(err, osoerrors.ErrForbidden):
			http.Error(rw, "you may read this page, but not "+action+" it", http.StatusForbidden)
		case errors.Is(err, osoerrors.ErrNotFound):
			http.NotFound(rw, r) // the user may not even know that the page exists
		default:
			http.Error(rw, "internal error", http.StatusInternalServerError)
		}
	}
}
