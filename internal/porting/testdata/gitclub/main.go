// Command gitclub is a small host of repositories. Who may do what is decided by policy.polar.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/osohq/go-oso"
	osoerrors "github.com/osohq/go-oso/errors"
)

// Organization owns repositories.
type Organization struct {
	Id       int
	Name     string
	BaseRole string
}

// Repository belongs to an organization.
type Repository struct {
	Id       int
	Name     string
	Org      *Organization
	IsPublic bool
}

// Issue belongs to a repository.
type Issue struct {
	Id      int
	Title   string
	Repo    *Repository
	Creator *User
	Closed  bool
}

// RoleAssignment gives a user a role on an Organization or a Repository.
type RoleAssignment struct {
	Role     string
	Resource interface{}
}

// User is who sends requests.
type User struct {
	Id    int
	Email string
	Roles []RoleAssignment
	Staff bool
}

// RolesOn lists the names of a user's roles on an organization.
func (u User) RolesOn(org Organization) []string {
	names := []string{}
	for _, r := range u.Roles {
		if o, ok := r.Resource.(*Organization); ok && o.Id == org.Id {
			names = append(names, r.Role)
		}
	}
	return names
}

// Store holds everything in memory.
type Store struct {
	mu     sync.RWMutex
	orgs   map[int]*Organization
	repos  map[int]*Repository
	issues map[int]*Issue
	users  map[string]*User
	next   int
}

// NewStore returns a store with some data.
func NewStore() *Store {
	s := &Store{
		orgs: map[int]*Organization{}, repos: map[int]*Repository{}, issues: map[int]*Issue{}, users: map[string]*User{}, next: 100,
	}
	s.orgs[1] = &Organization{Id: 1, Name: "The Beatles", BaseRole: "reader"}
	s.orgs[2] = &Organization{Id: 2, Name: "Monsters Inc."}
	s.repos[1] = &Repository{Id: 1, Name: "Abbey Road", Org: s.orgs[1]}
	s.repos[2] = &Repository{Id: 2, Name: "Paperwork", Org: s.orgs[2]}
	s.repos[3] = &Repository{Id: 3, Name: "Laugh Floor", Org: s.orgs[2], IsPublic: true}
	s.users["john"] = &User{Id: 1, Email: "john@beatles.com", Roles: []RoleAssignment{{"owner", s.orgs[1]}}}
	s.users["paul"] = &User{Id: 2, Email: "paul@beatles.com", Roles: []RoleAssignment{{"member", s.orgs[1]}}}
	s.users["mike"] = &User{Id: 3, Email: "mike@monsters.com", Roles: []RoleAssignment{{"maintainer", s.repos[2]}}}
	s.users["sully"] = &User{Id: 4, Email: "sully@monsters.com", Roles: []RoleAssignment{{"reader", *s.repos[2]}}}
	s.users["admin"] = &User{Id: 5, Email: "admin@gitclub.dev", Staff: true}
	s.issues[1] = &Issue{Id: 1, Title: "Too few scares", Repo: s.repos[2], Creator: s.users["sully"]}
	return s
}

// Server answers requests.
type Server struct {
	oso   oso.Oso
	store *Store
}

// errHidden is what a user sees who may not know of a resource.
var errHidden = errors.New("no such page")

// NewServer returns a server that decides by a policy file.
func NewServer(policy string, store *Store) (*Server, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	for _, class := range []interface{}{Organization{}, Repository{}, Issue{}, User{}} {
		if err := o.RegisterClass(class, nil); err != nil {
			return nil, err
		}
	}
	if err := o.RegisterConstant(map[string]interface{}{"GET": "read", "POST": "create_issues", "DELETE": "delete"}, "VERBS"); err != nil {
		return nil, err
	}
	o.SetNotFoundError(func() error { return errHidden })
	if err := o.LoadFiles([]string{policy}); err != nil {
		return nil, err
	}
	return &Server{oso: o, store: store}, nil
}

// fail sends an error as a status.
func (s *Server) fail(w http.ResponseWriter, err error) {
	var forbidden *osoerrors.ForbiddenError
	switch {
	case errors.Is(err, errHidden):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.As(err, &forbidden):
		http.Error(w, "forbidden", http.StatusForbidden)
	default:
		log.Printf("deciding: %v", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (s *Server) send(w http.ResponseWriter, x interface{}) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(x); err != nil {
		log.Printf("sending: %v", err)
	}
}

// repoView is a repository as a user sees it.
type repoView struct {
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

// view lists what the user may do with a resource.
func (s *Server) actions(user *User, resource interface{}) ([]string, error) {
	set, err := s.oso.AuthorizedActions(user, resource, false)
	if err != nil {
		return nil, err
	}
	list := []string{}
	for action := range set {
		list = append(list, action.(string))
	}
	sort.Strings(list)
	return list, nil
}

// ServeHTTP handles /repos, /repos/ID, /repos/ID/issues and /issues/ID.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	user, ok := s.store.users[r.Header.Get("X-User")]
	if !ok {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if err := s.oso.AuthorizeRequest(user, r); err != nil {
		s.fail(w, err)
		return
	}
	switch {
	case len(parts) == 1 && parts[0] == "repos":
		s.listRepos(w, user)
	case len(parts) == 2 && parts[0] == "repos":
		s.repo(w, r, user, s.store.repos[number(parts[1])])
	case len(parts) == 3 && parts[0] == "repos" && parts[2] == "issues":
		s.createIssue(w, r, user, s.store.repos[number(parts[1])])
	case len(parts) == 2 && parts[0] == "issues":
		s.closeIssue(w, user, s.store.issues[number(parts[1])])
	default:
		s.fail(w, errHidden)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (s *Server) listRepos(w http.ResponseWriter, user *User) {
	views := []repoView{}
	for id := 1; id <= len(s.store.repos); id++ {
		repo := s.store.repos[id]
		allowed, err := s.oso.IsAllowed(user, "read", repo)
		if err != nil {
			s.fail(w, err)
			return
		}
		if !allowed {
			continue
		}
		actions, err := s.actions(user, repo)
		if err != nil {
			s.fail(w, err)
			return
		}
		views = append(views, repoView{repo.Name, actions})
	}
	s.send(w, views)
}

func (s *Server) repo(w http.ResponseWriter, r *http.Request, user *User, repo *Repository) {
	action := map[string]string{"GET": "read", "DELETE": "delete"}[r.Method]
	if err := s.oso.Authorize(user, action, repo); err != nil {
		s.fail(w, err)
		return
	}
	if r.Method == http.MethodDelete {
		delete(s.store.repos, repo.Id)
	}
	s.send(w, repoView{Name: repo.Name})
}

func (s *Server) createIssue(w http.ResponseWriter, r *http.Request, user *User, repo *Repository) {
	if err := s.oso.Authorize(user, "create_issues", repo); err != nil {
		s.fail(w, err)
		return
	}
	s.store.next++
	issue := &Issue{Id: s.store.next, Title: r.URL.Query().Get("title"), Repo: repo, Creator: user}
	s.store.issues[issue.Id] = issue
	s.send(w, fmt.Sprintf("created %d", issue.Id))
}

func (s *Server) closeIssue(w http.ResponseWriter, user *User, issue *Issue) {
	if err := s.oso.Authorize(user, "close", issue); err != nil {
		s.fail(w, err)
		return
	}
	issue.Closed = true
	s.send(w, "closed")
}

func main() {
	server, err := NewServer("policy.polar", NewStore())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	log.Fatal(http.ListenAndServe("localhost:5000", server))
}
