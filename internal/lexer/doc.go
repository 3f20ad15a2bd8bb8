// Package lexer turns policy and query texts into tokens.
//
// A Scanner walks the bytes of a text once, front to back, and hands out one token for each call of
// Next. Names and plain strings are substrings of the text; only strings with escapes are copied.
// Every byte is looked at a bounded number of times, so scanning is linear in the text whatever it
// holds. Malformed tokens come back as a *diag.Error; the scanner then stands behind the offending
// characters, so that a caller that collects errors can go on.
//
// Text that is not valid UTF-8 does not fail: an invalid byte counts as a name character, as does
// every character outside ASCII.
package lexer
