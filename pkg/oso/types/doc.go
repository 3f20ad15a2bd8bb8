// Package types holds the plain data of the library's interface: variables and expressions that appear in results, the
// description of a data filter, terms in their wire form, and the kinds of errors with their details.
//
// A sum type is a struct that embeds the interface of its variants: Value{ValueNumber{NumericInteger(1)}}. Its JSON form
// is an object with one key, {"Number":{"Integer":1}}, or the bare name where the variant has no content. Decoding an
// object with another number of keys, or an unknown name, is an error. Nothing here is safe to change while another
// goroutine reads it; nothing keeps state.
package types
