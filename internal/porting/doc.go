// Package porting holds tests only. They build programs written for go-oso, from its documented API and in its idiom, and run
// their tests after a change of import paths.
//
// testdata/api lists the signatures of the documented API. From them a stub of go-oso is made, and the programs are vetted against
// it: a program that used anything else of ours would fail there. The same list is turned into one file, names.go, that mentions
// every exported name with its type; it has to compile against the stub and against pkg/oso.
package porting
