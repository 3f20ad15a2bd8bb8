// Package osohttp authorizes net/http requests. A Guard knows the Oso and how to tell who sends a request; its handlers let a request
// through to the next one only when the policy allows it:
//
//	guard := osohttp.New(o, func(r *http.Request) (any, error) { return users.ByToken(r.Header.Get("Authorization")) })
//	mux.Handle("GET /repos/{id}", guard.Resource("read", loadRepo, http.HandlerFunc(showRepo)))
//	http.ListenAndServe(addr, guard.Request(mux))
//
// Everything that is not a clear yes is a no: an error of the policy, of the look-up of the actor or of the resource, a resource that is nil,
// a timeout. A panic is left to the server, which ends the request. Status says which status an error is sent as; the text of an error is
// never sent.
package osohttp
