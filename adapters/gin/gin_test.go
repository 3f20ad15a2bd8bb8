package osogin_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	osogin "github.com/goso-project/goso/adapters/gin"
	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osohttp"
)

const policy = `
allow_request(_user, request) if request.Method = "GET";
allow("ann", "read", _name);
allow("bob", "read", doc) if doc = "public";
allow("eve", "read", doc) if doc.Broken;
`

func router() (*gin.Engine, error) {
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
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.Use(osogin.Request(guard))
	load := func(c *gin.Context) (any, error) {
		if c.Param("name") == "missing" {
			return nil, nil
		}
		return c.Param("name"), nil
	}
	e.Any("/docs/:name", osogin.Resource(guard, "read", load), func(c *gin.Context) {
		ctx := c.Request.Context()
		c.String(http.StatusOK, "%v for %v", guard.Loaded(ctx), guard.Actor(ctx))
	})
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
		if w := request(e, tt.user, tt.method, tt.path); w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%v: got %d, %s", tt, w.Code, w.Body)
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
