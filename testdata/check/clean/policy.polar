actor User {}

resource Repo {
  roles = ["reader", "owner"];
  permissions = ["read", "delete"];

  "read" if "reader";
  "delete" if "owner";
  "reader" if "owner";
}

has_role(user: User, role: String, repo: Repo) if
  grant in user.grants and
  grant.repo = repo.name and
  grant.role = role;

allow(actor, action, resource) if has_permission(actor, action, resource);
