// Package roles is the built-in role-based access control of early Oso: what a policy declares with resource(type, name,
// actions, roles) and who holds which role decide role_allows(actor, action, resource).
//
// The parts:
//
//	Rules      the built-in rules for a policy, in the spelling the policy uses
//	Answer     the questions those rules ask of the engine itself
//	Validator  the check of the declarations, as a query for them finds them
//
// The built-in rules are Polar, in roles.polar, and run like the policy's own: what they call can ask the host, bind
// variables and give several results. What they ask of Answer has names that no policy can write: they begin with ':'.
//
// Roles imply roles, and resources have parents, in any graph. A search through it remembers in a memory what it has
// reached: each pair of role and resource is followed once, so that cycles end and diamonds cost no more than their edges. A
// memory lives as long as the call that made it, and backtracking does not make it forget: its goals only ever ask "is this
// new?", and a branch that was left has been searched to its end.
//
// Two resources are the same if they are the same Go value, or if the machine finds them equal: it asks the host, as it does
// for any two values.
package roles
