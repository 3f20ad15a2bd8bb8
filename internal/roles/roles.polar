# The built-in rules. Names that begin with "__", and all variables, are given names that no policy can write.

role_allows(actor, action, resource) if
  "".__known(resource) and
  resource(resource, space, actions, roles) and
  declared in "".__strings(actions) and
  action = declared and
  memory = "".__memory() and
  __grants(declared, space, resource, roles, role, holder, memory) and
  __assumed(actor, role, holder, memory);

# A role on the resource itself grants by the bare name of the action, one above by the name of the resource's kind as well.
__grants(action, _, resource, roles, role, holder, _) if
  role in "".__naming("permissions", roles, action) and
  holder = resource;
__grants(action, space, resource, _, role, holder, memory) if
  name = "".__join(space, action) and
  __above("permissions", name, resource, holder, memory) and
  resource(holder, _, _, roles) and
  role in "".__naming("permissions", roles, name);

# A role that is a string is looked for. Any other, such as a variable, is compared with all there are.
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  "".__text(role) and
  memory = "".__memory() and
  __assumes(actor, role, resource, memory);
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  not "".__text(role) and
  __holds(actor, role, resource);
actor_can_assume_role(actor, role, resource) if
  "".__known(resource) and
  not "".__text(role) and
  names = "".__memory() and
  __implied(name, resource, names) and
  __new("name", name, resource, names) and
  role = name and
  memory = "".__memory() and
  __assumes(actor, name, resource, memory);

__implied(name, resource, _) if
  resource(resource, _, _, roles) and
  name in "".__implied(roles, "");
__implied(name, resource, memory) if
  resource(resource, space, _, _) and
  prefix = "".__join(space, "") and
  __above("names", prefix, resource, up, memory) and
  resource(up, _, _, roles) and
  name in "".__implied(roles, prefix);

# The search goes from the role that is wanted back to those that lead to it.
__assumes(actor, role, resource, memory) if
  __new("role", role, resource, memory) and
  __leads(role, resource, from, at, memory) and
  __holds(actor, from, at);

__leads(role, resource, from, at, _) if
  from = role and at = resource;
__leads(role, resource, from, at, memory) if
  __step(role, resource, next, place, memory) and
  __new("role", next, place, memory) and
  __leads(next, place, from, at, memory);

__step(role, resource, next, place, _) if
  resource(resource, _, _, roles) and
  next in "".__naming("implies", roles, role) and
  place = resource;
__step(role, resource, next, place, memory) if
  resource(resource, space, _, _) and
  name = "".__join(space, role) and
  __above("implies", name, resource, place, memory) and
  resource(place, _, _, roles) and
  next in "".__naming("implies", roles, name);

# What is above a resource and was not reached before in the search for a name.
__above(kind, name, child, up, memory) if
  __parent(parent, child) and
  __new(kind, name, parent, memory) and
  (up = parent or __above(kind, name, parent, up, memory));

__new(kind, name, resource, memory) if
  others = memory.__others(kind, name, resource) and
  not resource in others and
  memory.__add(kind, name, resource);
