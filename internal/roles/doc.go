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
// Roles imply roles, and resources have parents, in any graph. The rules gather it as far as an answer needs it: a search
// holds the resource and, level by level, what is above it, with what is declared for each. A run goes back from an action,
// or a role, to all roles that lead to it; it reaches each pair of role and resource once, so that cycles end and diamonds cost
// no more than their edges. When a run has given out what it reached, and nobody holds any of it, the rules climb one level more.
//
// A search and its runs live as long as the call that made them, and backtracking does not make them forget: they are
// used by goals of that one call only, each of which is exhausted before the next begins.
//
// Two resources are the same if they are the same Go value, or if the machine finds them equal: it asks the host, as it does
// for any two values.
package roles
