# Parameters of has_permission must say what they are.
has_permission(_actor, "read", _resource);
