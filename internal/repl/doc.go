// Package repl is the interactive loop: it reads queries, rules and commands, runs them, and prints answers in Polar.
//
// A statement is a query, or ends in a semicolon or block and adds rules. It may take several lines: it goes on while
// brackets are open or the text is a beginning only, and an empty line ends it in any case. Typed rules form an overlay
// over the loaded files: each addition replaces the whole policy at once, so it is checked as a whole, and a faulty one
// changes nothing.
//
// The loop works over any engine.Host: the command hands it stand-ins, the library a program's own objects. Queries and the
// questions the loop itself asks read the same buffered input, so that piped input never gets lost.
package repl
