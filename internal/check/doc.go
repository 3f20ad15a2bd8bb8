// Package check finds what is wrong with rules before anything runs.
//
// It looks at rules as the parser made them, before rewriting, since all it says is about the text:
//
//   - Rule looks at one rule by itself: names that occur once, classes nobody registered, and "and" mixed with "or".
//   - Types holds the rule types of a policy and compares rules with them.
//   - Calls looks for calls of rules that do not exist, Warnings for what is missing in the policy as a whole.
//
// The package knows nothing of values and hosts. What it must know of the application's classes comes in as a World.
// Nothing here changes its input; every function is linear in the size of the policy (Types.Check compares a rule with the
// written rule types of its name only, and finds the generated ones by look-up).
package check
