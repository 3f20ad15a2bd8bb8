// Command roles runs the built-in roles of early Oso behind net/http, once in each of their two spellings: first.polar has
// role objects and role_allow, second.polar has names of roles and role_allows. See site.go for the program around them.
//
// Without arguments it starts a server for each policy, sends both the same requests, prints the decisions, and exits. With
// -serve ADDRESS it keeps serving one policy, that of -policy.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	serve := flag.String("serve", "", "`address` to keep serving at, such as localhost:8080")
	policy := flag.String("policy", "second.polar", "`file` to serve: first.polar or second.polar")
	flag.Parse()
	if err := run(os.Stdout, *serve, *policy); err != nil {
		fmt.Fprintln(os.Stderr, "roles:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, address, policy string) error {
	if address == "" {
		return demo(out)
	}
	site, err := NewSite(policy)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "serving; try:  curl -H 'X-User: ada' http://%s/pages/1\n", address)
	server := &http.Server{Addr: address, Handler: site.Handler(), ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// requests are what the demonstration sends, and why each is answered as it is.
var requests = []struct{ user, method, page, why string }{
	{"uma", "GET", "1", "a user of page 1; the second policy knows no such role"},
	{"uma", "PUT", "1", "users do not write"},
	{"gus", "GET", "1", "a guest of page 1; the first policy knows no such role"},
	{"ada", "PUT", "1", "an admin of page 1"},
	{"ada", "GET", "1", "admins are users, and guests"},
	{"ada", "DELETE", "1", "no role may delete: it is no action of pages"},
	{"ada", "GET", "2", "an admin of page 1 only"},
	{"max", "PUT", "2", "an admin of page 2"},
	{"max", "PUT", "1", "but not of page 1"},
	{"nat", "GET", "1", "no role at all"},
}

// demo serves both policies on free ports of this machine and prints how requests are answered.
func demo(out io.Writer) error {
	for _, policy := range []string{"first.polar", "second.polar"} {
		site, err := NewSite(policy)
		if err != nil {
			return err
		}
		if err := show(out, policy, site.Handler()); err != nil {
			return err
		}
	}
	return nil
}

func show(out io.Writer, policy string, handler http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	defer server.Close()
	go server.Serve(listener) // ends with ErrServerClosed when the demonstration is over
	url := "http://" + listener.Addr().String()
	fmt.Fprintf(out, "Pages guarded by %s, serving at %s\n\n", policy, url)
	for _, r := range requests {
		status, err := send(url+"/pages/"+r.page, r.method, r.user)
		if err != nil {
			return err
		}
		verdict := "deny "
		if status == http.StatusOK {
			verdict = "ALLOW"
		}
		fmt.Fprintf(out, "%s  %s %-6s /pages/%s  %d  %s\n", verdict, r.user, r.method, r.page, status, r.why)
	}
	fmt.Fprintln(out)
	return nil
}

// send makes one request and returns the status of its answer.
func send(url, method, user string) (int, error) {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("X-User", user)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}
