// Command quickstart is a small wiki over HTTP whose answers a policy decides: see policy.polar and wiki.go.
//
// Without arguments it starts a server, sends it a handful of requests, prints the decisions, and exits. With
// -serve ADDRESS it keeps serving.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	serve := flag.String("serve", "", "`address` to keep serving at, such as localhost:8080")
	flag.Parse()
	if err := run(os.Stdout, *serve); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, address string) error {
	wiki, err := NewWiki()
	if err != nil {
		return err
	}
	if address == "" {
		return demo(out, wiki.Handler())
	}
	fmt.Fprintf(out, "serving; try:  curl -H 'X-User: bob' http://%s/pages/plans\n", address)
	server := &http.Server{Addr: address, Handler: wiki.Handler(), ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// requests are what the demonstration sends, and why each is answered as it is.
var requests = []struct{ user, method, page, why string }{
	{"alice", "GET", "plans", "editors are readers too"},
	{"alice", "PUT", "plans", "editors may write"},
	{"bob", "GET", "plans", "bob is a reader"},
	{"bob", "PUT", "plans", "readers may not write"},
	{"eve", "GET", "welcome", "the page is public"},
	{"eve", "PUT", "welcome", "public is for reading"},
	{"eve", "GET", "plans", "eve has no role here, and shall not learn that the page exists"},
	{"alice", "GET", "nowhere", "there is no such page"},
}

// demo serves on a free port of this machine and prints how requests are answered.
func demo(out io.Writer, handler http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	defer server.Close()
	go server.Serve(listener) // ends with ErrServerClosed when the demonstration is over
	url := "http://" + listener.Addr().String()
	fmt.Fprintf(out, "A wiki guarded by policy.polar, serving at %s\n\n", url)
	for _, r := range requests {
		status, err := send(url+"/pages/"+r.page, r.method, r.user)
		if err != nil {
			return err
		}
		verdict := "deny "
		if status == http.StatusOK {
			verdict = "ALLOW"
		}
		fmt.Fprintf(out, "%s  %-5s %s /pages/%-8s %d %-10s %s\n", verdict, r.user, r.method, r.page, status, http.StatusText(status), r.why)
	}
	return nil
}

// send makes one request and returns the status of its answer.
func send(url, method, user string) (int, error) {
	request, err := http.NewRequest(method, url, strings.NewReader("new text"))
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
