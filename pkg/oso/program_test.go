package oso_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// The programs of this file are small versions of what applications do with the library.

func TestChecklistPrograms(t *testing.T) {
	t.Run("check 128: a server that knows public and private repositories", server)
	t.Run("check 129: roles through relations, resources held in interfaces", rolesOnParents)
	t.Run("check 130: constants with lists of fields, requests, an environment object", fieldListsAndEnvironment)
}

type account struct {
	Email string
	Roles []projectRole
}

type projectRole struct {
	Role     string
	Resource any // *organization or *repository
}

type organization struct{ Name string }

type repository struct {
	Name   string
	Public bool
	Parent *organization
}

const repositories = `
actor Account {}
resource Organization {
  roles = ["owner"];
}
resource Repository {
  permissions = ["read", "push", "delete"];
  roles = ["contributor", "maintainer"];
  relations = { parent: Organization };
  "read" if "contributor";
  "push" if "maintainer";
  "delete" if "owner" on "parent";
  "contributor" if "maintainer";
  "maintainer" if "owner" on "parent";
}
has_role(a: Account, name: String, resource: Resource) if
  role in a.Roles and role.Role = name and role.Resource = resource;
has_relation(org: Organization, "parent", repo: Repository) if org = repo.Parent;
has_permission(_: Account, "read", repo: Repository) if repo.Public;
allow(actor, action, resource) if has_permission(actor, action, resource);
`

func repositoryOso(t *testing.T) *oso.Oso {
	t.Helper()
	o, err := oso.New()
	must(t, err)
	for name, cls := range map[string]any{"Account": account{}, "Organization": organization{}, "Repository": repository{}} {
		must(t, o.RegisterClassWithName(cls, nil, name))
	}
	must(t, o.LoadString(repositories))
	return o
}

func rolesOnParents(t *testing.T) {
	o := repositoryOso(t)
	acme, other := &organization{"acme"}, &organization{"other"}
	anvil := &repository{Name: "anvil", Parent: acme}
	users := map[string]*account{
		"owner":       {Roles: []projectRole{{"owner", other}, {"owner", acme}}},
		"maintainer":  {Roles: []projectRole{{"maintainer", anvil}}},
		"contributor": {Roles: []projectRole{{"contributor", *anvil}}},
		"outsider":    {Roles: []projectRole{{"owner", other}}},
	}
	for name, want := range map[string]map[any]struct{}{
		"owner": set("read", "push", "delete"), "maintainer": set("read", "push"), "contributor": set("read"), "outsider": set(),
	} {
		got, err := o.AuthorizedActions(users[name], anvil, false)
		must(t, err)
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		for _, action := range []any{"read", "push", "delete"} {
			_, wanted := want[action]
			if ok, err := o.IsAllowed(users[name], action, anvil); ok != wanted || err != nil {
				t.Errorf("%s %s: got %v, %v", name, action, ok, err)
			}
		}
	}
}

func server(t *testing.T) {
	o := repositoryOso(t)
	acme := &organization{"acme"}
	repos := map[string]*repository{"open": {Public: true, Parent: acme}, "closed": {Parent: acme}}
	accounts := map[string]*account{"ann": {Roles: []projectRole{{"owner", acme}}}, "bob": {}}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := map[string]string{"GET": "read", "DELETE": "delete"}[r.Method]
		err := o.AuthorizeContext(r.Context(), accounts[r.Header.Get("User")], action, repos[r.URL.Path[1:]])
		switch {
		case err == nil:
			w.WriteHeader(http.StatusOK)
		case errors.Is(err, osoerrors.ErrForbidden):
			w.WriteHeader(http.StatusForbidden)
		case errors.Is(err, osoerrors.ErrNotFound):
			w.WriteHeader(http.StatusNotFound)
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	for _, tt := range []struct {
		user, method, path string
		want               int
	}{
		{"ann", "GET", "/closed", 200}, {"ann", "DELETE", "/open", 200},
		{"bob", "GET", "/open", 200}, {"bob", "DELETE", "/open", 403},
		{"bob", "GET", "/closed", 404}, {"bob", "DELETE", "/closed", 404},
		{"bob", "GET", "/nothing", 404}, {"nobody", "GET", "/closed", 404},
	} {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		r.Header.Set("User", tt.user)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s %s %s: got %d, want %d", tt.user, tt.method, tt.path, w.Code, tt.want)
		}
	}
}

func fieldListsAndEnvironment(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant([]string{"name", "email"}, "PublicFields"))
	must(t, o.RegisterConstant(env{map[string]string{"MODE": "test"}}, "Env"))
	must(t, o.LoadString(`
		allow_field(_: User, "read", _: Widget, field) if field in PublicFields;
		allow_field(u: User, "read", _: Widget, "salary") if u.Admin;
		allow_request(_: User, _: {Method: "GET"}) if Env.Var("MODE") = "test";
	`))
	fields, err := o.AuthorizedFields(&User{Admin: true}, "read", &Widget{}, false)
	if len(fields) != 3 || err != nil {
		t.Errorf("got %v, %v", fields, err)
	}
	fields, err = o.AuthorizedFields(User{}, "read", Widget{}, false)
	if len(fields) != 2 || err != nil {
		t.Errorf("got %v, %v", fields, err)
	}
	type request struct{ Method, Path string }
	must(t, o.AuthorizeRequest(&User{}, &request{"GET", "/"}))
	if err := o.AuthorizeRequest(&User{}, request{"POST", "/"}); !errors.Is(err, osoerrors.ErrForbidden) {
		t.Errorf("got %v", err)
	}
}
