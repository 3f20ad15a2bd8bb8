// Package standin stands in for an application: classes that are only names with ancestors, and instances that are only
// the fields they were made with. With it the commands load and run policies that speak of classes no program has
// registered.
//
// A Host answers the machine's questions as a program with such classes would. new C(k: v) makes an instance with exactly
// these fields, positional arguments become the fields _0, _1 and so on. A field that was not given is missing, as is
// every method. Two instances are equal when their classes and fields are. Ordering instances, and iterating them, is an
// error.
package standin
