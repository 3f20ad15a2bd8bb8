package engine

// Adopt takes over the policy of another engine, compiled for this one's registry. The other engine is not changed. So a
// policy can be loaded, and its inline queries run, before it takes an old one's place.
func (e *Engine) Adopt(other *Engine) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	st, err := compile(other.state.Load().policy, e.state.Load().registry)
	if err != nil {
		return err
	}
	e.state.Store(st)
	return nil
}
