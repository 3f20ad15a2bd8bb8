package osohttp_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osohttp"
)

type user struct{ Name string }

type page struct {
	Path  string
	Owner string
}

const policy = `
allow_request(_: User, request) if request.Method in ["GET", "DELETE"];
allow_request(user: User, _) if user.Name = "root";
allow(_: User, "read", _: Page);
allow(user: User, "delete", page: Page) if page.Owner = user.Name;
allow(_: User, "fail", page: Page) if page.Missing;
allow(_: User, "wait", _: Page) if SLOW.Wait();
`

type slow struct{}

func (slow) Wait(ctx context.Context) bool { <-ctx.Done(); return true }

func newGuard(t testing.TB, options ...osohttp.Option) *osohttp.Guard {
	t.Helper()
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		o.RegisterClassWithName(user{}, nil, "User"), o.RegisterClassWithName(page{}, nil, "Page"), o.RegisterConstant(slow{}, "SLOW"), o.LoadString(policy),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return osohttp.New(o, func(r *http.Request) (any, error) {
		switch name := r.Header.Get("User"); name {
		case "":
			return nil, nil
		case "forged":
			return nil, errors.New("secret reason")
		default:
			return &user{name}, nil
		}
	}, options...)
}

func load(r *http.Request) (any, error) {
	switch r.URL.Path {
	case "/missing":
		return nil, fmt.Errorf("the page %w", fs.ErrNotExist)
	case "/nil":
		return (*page)(nil), nil
	case "/broken":
		return &page{}, errors.New("secret reason")
	}
	return &page{r.URL.Path, "ann"}, nil
}

func serve(h http.Handler, name, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, path, nil)
	if name != "" {
		r.Header.Set("User", name)
	}
	h.ServeHTTP(w, r)
	return w
}

func TestOnlyAClearYesIsLetThrough(t *testing.T) {
	g := newGuard(t)
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, _ := g.Actor(r.Context()).(*user)
		p, _ := g.Loaded(r.Context()).(*page)
		fmt.Fprint(w, u.Name, " ", p.Path)
	})
	actions := map[string]string{"GET": "read", "DELETE": "delete", "PUT": "fail"}
	mux := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.Resource(actions[r.Method], load, next).ServeHTTP(w, r)
	})
	for _, tt := range []struct {
		user, method, path string
		status             int
	}{
		{"ann", "GET", "/x", 200}, {"bob", "GET", "/x", 200}, {"ann", "DELETE", "/x", 200}, {"bob", "DELETE", "/x", 403},
		{"ann", "POST", "/x", 403}, {"ann", "PUT", "/x", 403}, {"root", "POST", "/x", 403}, {"root", "PUT", "/x", 500},
		{"", "GET", "/x", 403}, {"forged", "GET", "/x", 401},
		{"ann", "GET", "/missing", 404}, {"ann", "GET", "/nil", 404}, {"ann", "GET", "/broken", 500},
	} {
		w := serve(g.Request(mux), tt.user, tt.method, tt.path)
		if w.Code != tt.status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: got %d, %s", tt, w.Code, w.Body)
		}
		if want := tt.user + " " + tt.path; (w.Body.String() == want) != (tt.status == 200) {
			t.Errorf("%v: the handler answered %s", tt, w.Body)
		}
	}
	if w := serve(g.Resource("read", load, next), "", "GET", "/x"); w.Code != 404 {
		t.Errorf("nobody reads a page: got %d", w.Code)
	}
}

func TestGuardsThatCannotDecideDeny(t *testing.T) {
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("let through") })
	anybody := func(*http.Request) (any, error) { return "anybody", nil }
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]*osohttp.Guard{
		"no Oso": osohttp.New(nil, anybody), "zero Oso": osohttp.New(&oso.Oso{}, anybody), "no policy": osohttp.New(o, anybody),
		"no actor": osohttp.New(o, nil),
	} {
		want := http.StatusInternalServerError
		if name == "no actor" {
			want = http.StatusUnauthorized
		}
		for _, h := range []http.Handler{g.Request(next), g.Resource("read", load, next)} {
			if w := serve(h, "ann", "GET", "/x"); w.Code != want {
				t.Errorf("%s: got %d", name, w.Code)
			}
		}
	}
}

func TestRequestsThatEndAreDenied(t *testing.T) {
	g := newGuard(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, "GET", "/x", nil)
	r.Header.Set("User", "ann")
	_, err := g.CheckResource(r, "wait", load)
	if !errors.Is(err, context.DeadlineExceeded) || osohttp.Status(err) != http.StatusInternalServerError {
		t.Errorf("got %v", err)
	}
}

func TestAnotherAnswer(t *testing.T) {
	g := newGuard(t, osohttp.WithDenied(nil), osohttp.WithDenied(func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "no", http.StatusTeapot)
	}))
	if w := serve(g.Request(http.NotFoundHandler()), "ann", "POST", "/x"); w.Code != http.StatusTeapot {
		t.Errorf("got %d", w.Code)
	}
}

func TestTheActorIsLookedUpOnce(t *testing.T) {
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.LoadString("allow_request(nil, _); allow(nil, _, _);"); err != nil {
		t.Fatal(err)
	}
	asked, served := 0, 0
	g := osohttp.New(o, func(*http.Request) (any, error) { asked++; return nil, nil })
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ })
	serve(g.Request(g.Resource("read", load, next)), "", "GET", "/x")
	if asked != 1 || served != 1 {
		t.Errorf("asked %d times, served %d", asked, served)
	}
}
