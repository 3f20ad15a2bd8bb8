# The built-in rules. Names that begin with "__", and all variables, are given names that no policy can write.

role_allows(actor, action, resource) if
  "".__known(resource) and
  search = "".__search() and
  __node(resource, _, search) and
  [declaration, declared] in search.__actions() and
  action = declared and
  __decides(actor, declaration, declared, search);

# A role that is a string is looked for. Any other, such as a variable, is compared with all there are.
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  "".__text(role) and
  search = "".__search() and
  __node(resource, _, search) and
  run = search.__assuming(role) and
  __found(held, at, run, search) and
  __holds(actor, held, at);
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  not "".__text(role) and
  __holds(actor, role, resource);
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  not "".__text(role) and
  search = "".__search() and
  __node(resource, _, search) and
  everything = search.__everything() and
  not __found(_, _, everything, search) and
  name in search.__names() and
  role = name and
  run = search.__assuming(name) and
  __found(held, at, run, search) and
  __holds(actor, held, at);

# What a run reaches: roles and what they are held on. When it needs to know what is above a resource, that is found out.
__found(role, at, run, _) if
  [role, at] in run.__reached();
__found(role, at, run, search) if
  run.__waits() and
  forall([node, resource] in run.__frontier(), forall(__parent(parent, resource), __connect(node, parent, search))) and
  __found(role, at, run, search);

__connect(node, parent, search) if
  __node(parent, above, search) and
  search.__connect(node, above);

# The node of a resource. A new one comes with what is declared for it.
__node(resource, node, search) if
  node = search.__identical(resource) and
  cut;
__node(resource, node, search) if
  [other, value] in search.__alike(resource) and
  value = resource and
  node = other and
  cut;
__node(resource, node, search) if
  node = search.__add(resource) and
  forall(resource(resource, space, actions, roles), search.__declare(node, space, actions, roles));
