// Package show writes values of the machine as people write them in policies.
//
// What comes in is a wam.Value, as a query's result has it: a plain value, a host's object, a variable, or an expression
// over variables that are not bound. What goes out is Polar that can be read again wherever Polar has a way to write the
// value: strings are escaped, floats keep their point, operators stand between their operands with the parentheses they
// need. Objects of the host are described by the host. Text never contains control characters, so that a value cannot
// play tricks with a terminal.
//
// JSON writes the same values for programs.
//
// Values may be nested as deep as memory allows; past a fixed depth, and past a fixed length of text, an ellipsis stands
// for the rest.
package show
