package oso

// EnableRoles turns on the built-in roles of early Oso: role_allows(actor, action, resource) decides by the roles that
// resource(type, name, actions, roles) rules declare and actor_has_role_for_resource(actor, role, resource) assigns. Policies
// in the older spelling, role_allow with actor_role, work as well.
//
// It may come before loading, which then checks the declarations, or after it, to check them at once. A fault in them is an
// *errors.RolesValidationError, and an error of the rules that compute them is returned as it is; in both cases nothing
// has changed: EnableRoles leaves roles off, a load leaves no rules. Enabled roles stay on, also after ClearRules.
//
// It may be called by many goroutines at once, also beside loads and queries.
func (o Oso) EnableRoles() error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	s := c.registry.Acquire()
	defer c.registry.Release(s)
	return c.publicIn(s, c.engine.EnableRoles(c.starter(s)))
}
