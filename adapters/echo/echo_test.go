package osoecho_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	osoecho "github.com/goso-project/goso/adapters/echo"
	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osohttp"
)

const policy = `
allow_request(_user, request) if request.Method = "GET";
allow("ann", "read", _name);
allow("bob", "read", doc) if doc = "public";
allow("eve", "read", doc) if doc.Broken;
`

func router() (*echo.Echo, error) {
	o, err := oso.New()
	if err != nil {
		return nil, err
	}
	if err := o.LoadString(policy); err != nil {
		return nil, err
	}
	guard := osohttp.New(o, func(r *http.Request) (any, error) {
		if name := r.Header.Get("User"); name != "" {
			return name, nil
		}
		return nil, errors.New("no user")
	})
	e := echo.New()
	e.Use(osoecho.Request(guard))
	load := func(c echo.Context) (any, error) {
		if c.Param("name") == "missing" {
			return nil, nil
		}
		return c.Param("name"), nil
	}
	e.Any("/docs/:name", func(c echo.Context) error {
		ctx := c.Request().Context()
		return c.String(http.StatusOK, fmt.Sprintf("%v for %v", guard.Loaded(ctx), guard.Actor(ctx)))
	}, osoecho.Resource(guard, "read", load))
	return e, nil
}

func request(h http.Handler, user, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("User", user)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestOnlyAClearYesIsLetThrough(t *testing.T) {
	e, err := router()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		user, method, path string
		status             int
		body               string
	}{
		{"ann", "GET", "/docs/plan", 200, "plan for ann"}, {"bob", "GET", "/docs/public", 200, "public for bob"},
		{"bob", "GET", "/docs/plan", 404, ""}, {"ann", "POST", "/docs/plan", 403, ""}, {"ann", "GET", "/docs/missing", 404, ""},
		{"", "GET", "/docs/plan", 401, ""}, {"eve", "GET", "/docs/plan", 500, ""},
	} {
		if w := request(e, tt.user, tt.method, tt.path); w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
			t.Errorf("%v: got %d, %s", tt, w.Code, w.Body)
		} else if strings.Contains(w.Body.String(), "no user") || strings.Contains(w.Body.String(), "Broken") {
			t.Errorf("%v: the error is sent: %s", tt, w.Body)
		}
	}
}

func Example() {
	e, err := router()
	if err != nil {
		panic(err)
	}
	fmt.Println(request(e, "ann", "GET", "/docs/plan").Body)
	fmt.Println(request(e, "bob", "GET", "/docs/plan").Code)
	// Output:
	// plan for ann
	// 404
}
