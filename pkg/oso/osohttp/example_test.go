package osohttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osohttp"
)

func Example() {
	o, err := oso.New()
	if err != nil {
		panic(err)
	}
	if err := o.LoadString(`
		allow_request(_user, request) if request.Method = "GET";
		allow("ann", "read", "report");
	`); err != nil {
		panic(err)
	}
	guard := osohttp.New(o, func(r *http.Request) (any, error) { return r.Header.Get("User"), nil })
	mux := http.NewServeMux()
	mux.Handle("/docs/{name}", guard.Resource("read",
		func(r *http.Request) (any, error) { return r.PathValue("name"), nil },
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "the %s, for %s", guard.Loaded(r.Context()), guard.Actor(r.Context()))
		})))
	server := guard.Request(mux)

	for _, request := range [][3]string{{"ann", "GET", "/docs/report"}, {"bob", "GET", "/docs/report"}, {"ann", "POST", "/docs/report"}} {
		r := httptest.NewRequest(request[1], request[2], nil)
		r.Header.Set("User", request[0])
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		fmt.Println(request[0], request[1], w.Code)
	}
	// Output:
	// ann GET 200
	// bob GET 404
	// ann POST 403
}
