package osohttp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osohttp"
)

// A resource that is nothing is not found, whatever the policy allows.
func TestNothingIsNoResource(t *testing.T) {
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.LoadString(`allow(_, _, _);`); err != nil {
		t.Fatal(err)
	}
	g := osohttp.New(o, func(*http.Request) (any, error) { return "ann", nil })
	for _, c := range []struct {
		resource any
		nothing  bool
	}{
		{nil, true}, {(*page)(nil), true}, {map[string]int(nil), true}, {[]page(nil), true},
		{page{}, false}, {&page{}, false}, {map[string]int{}, false}, {[]page{}, false}, {0, false}, {"", false}, {false, false},
	} {
		r, err := g.CheckResource(httptest.NewRequest("GET", "/x", nil), "read", func(*http.Request) (any, error) { return c.resource, nil })
		if c.nothing && (!errors.Is(err, osohttp.ErrNoResource) || r != nil) || !c.nothing && (err != nil || r == nil) {
			t.Errorf("%T %v: got %v", c.resource, c.resource, err)
		}
	}
}
