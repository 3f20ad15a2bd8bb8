package engine

// Fork returns an engine with the same registry and no rules, in which the same is enabled. So a policy can be loaded, and
// its inline queries run, before it takes an old one's place.
func (e *Engine) Fork() *Engine {
	st := e.current()
	fork := &Engine{shops: e.shops}
	empty := st.emptied()
	empty.basis = st
	fork.state.Store(empty)
	return fork
}

// Adopt takes over the policy of another engine, compiled for this one's registry. The other engine is not changed. It reports
// false, and changes nothing, if roles are enabled here only: then the policy has not been checked for them.
func (e *Engine) Adopt(other *Engine) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	cur, st := e.state.Load(), other.state.Load()
	if cur.policy.roles && !st.policy.roles {
		return false, nil
	}
	if st.registered != cur.registered || st.basis != nil {
		var err error
		if st, err = compile(st.policy, cur.registered, nil, nil); err != nil {
			return false, err
		}
	}
	next := *st
	next.newer = cur.newer
	e.state.Store(&next)
	return true, nil
}
