// Package osotest helps to test policies with Go values: it loads them as the program does, asks, and fails the test with the question in the
// message. An error is never taken for a denial.
//
//	func TestPolicy(t *testing.T) {
//		o := app.NewOso() // registers the program's classes
//		osotest.CheckPolicy(t, o, "policy.polar")
//		osotest.Check(t, o, []osotest.Case{
//			{owner, "delete", repo, osotest.Allowed},
//			{reader, "delete", repo, osotest.Forbidden},
//			{stranger, "delete", repo, osotest.NotFound},
//		})
//	}
//
// Policies can hold tests of their own: inline queries (?= …;) run when CheckPolicy loads them.
package osotest
