// Command gooso is the worker of go-oso, which Goso takes the place of. It needs a C compiler, and the module of that version.
package main
