// Command peers is the worker of other Go engines: Cedar, Casbin, OPA, CEL and Expr, each given every problem that it has a form for.
//
// Each form is what somebody who knows the engine would write, and where there is a choice, the faster one. Policies of Polar work on
// Go structs as they are; most of the others want their own values, which are made before the clock starts. Where the form leaves out work
// that the problem has, the job says so.
package main
