package main

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strconv"

	"github.com/goso-project/goso/pkg/oso"
)

//go:embed first.polar second.polar
var policies embed.FS

// Page and User are the program's own types, and Role is a role object: a name, and what the role is for.
type Page struct {
	ID   int
	Text string
}

type Role struct {
	Name     string
	Resource *Page
}

type User struct {
	Name  string
	roles []Role
}

// GetRoles returns what the user holds. The policy calls it.
func (u *User) GetRoles() []Role { return u.roles }

// Site serves pages, and asks one of the two policies before it does.
type Site struct {
	oso   oso.Oso
	users map[string]*User
	pages map[int]*Page
}

// NewSite returns a site guarded by a policy file.
func NewSite(policy string) (*Site, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	// Enabled first, as early programs did it: loading then checks what the policy declares.
	if err := o.EnableRoles(); err != nil {
		return nil, err
	}
	if err := o.RegisterClass(User{}, nil); err != nil {
		return nil, err
	}
	if err := o.RegisterClass(Page{}, nil); err != nil {
		return nil, err
	}
	if err := o.LoadFS(policies, policy); err != nil {
		return nil, err
	}
	one, two := &Page{1, "the first page"}, &Page{2, "the second page"}
	return &Site{
		oso: o,
		users: map[string]*User{
			"uma": {"uma", []Role{{"user", one}}},
			"gus": {"gus", []Role{{"guest", one}}},
			"ada": {"ada", []Role{{"admin", one}}},
			"max": {"max", []Role{{"user", one}, {"guest", one}, {"admin", two}}},
			"nat": {"nat", nil},
		},
		pages: map[int]*Page{1: one, 2: two},
	}, nil
}

// Handler returns the HTTP interface: a method of HTTP is an action on a page.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for method, action := range map[string]string{http.MethodGet: "read", http.MethodPut: "write", http.MethodDelete: "delete"} {
		mux.HandleFunc(method+" /pages/{id}", func(w http.ResponseWriter, r *http.Request) {
			id, _ := strconv.Atoi(r.PathValue("id"))
			page := s.pages[id]
			// A real program would check a session or a token here.
			user := s.users[r.Header.Get("X-User")]
			switch {
			case page == nil:
				http.NotFound(w, r)
			case user == nil:
				http.Error(w, "who are you?", http.StatusUnauthorized)
			default:
				s.answer(r.Context(), w, user, action, page)
			}
		})
	}
	return mux
}

// answer asks the policy. An error of it is never a yes.
func (s *Site) answer(ctx context.Context, w http.ResponseWriter, user *User, action string, page *Page) {
	switch allowed, err := s.oso.IsAllowedContext(ctx, user, action, page); {
	case err != nil:
		http.Error(w, "internal error", http.StatusInternalServerError)
	case !allowed:
		http.Error(w, "forbidden", http.StatusForbidden)
	default:
		fmt.Fprintf(w, "%s may %s %s\n", user.Name, action, page.Text)
	}
}
