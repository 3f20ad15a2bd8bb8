allow(actor, action, resource) if has_permission(actor, action, resource);

# Requests: staff only below /admin, everyone may use methods that have a verb.
allow_request(_: User, request) if
  request.Method in ["GET", "POST", "DELETE", "PATCH"] and
  not request.URL.Path = "/admin";
allow_request(user: User, request) if
  request.URL.Path = "/admin" and user.Staff;

actor User {}

resource Organization {
  roles = ["member", "owner"];
  permissions = ["read", "create_repos"];

  "read" if "member";
  "create_repos" if "owner";
  "member" if "owner";
}

resource Repository {
  roles = ["reader", "maintainer"];
  permissions = ["read", "create_issues", "delete"];
  relations = { parent: Organization };

  "read" if "reader";
  "create_issues" if "reader";
  "delete" if "maintainer";
  "reader" if "maintainer";
  "maintainer" if "owner" on "parent";
  "reader" if "member" on "parent";
}

resource Issue {
  roles = ["creator"];
  permissions = ["read", "close"];
  relations = { repository: Repository };

  "read" if "reader" on "repository";
  "close" if "maintainer" on "repository";
  "close" if "creator";
}

has_role(user: User, name: String, org: Organization) if name in user.RolesOn(org);
has_role(user: User, name: String, repo: Repository) if
  role in user.Roles and role.Role = name and role.Resource = repo;
has_role(user: User, "creator", issue: Issue) if issue.Creator = user;

has_permission(_: User, "read", repo: Repository) if repo.IsPublic;
has_permission(user: User, _: String, _: Issue) if user.Staff;

has_relation(org: Organization, "parent", repo: Repository) if repo.Org = org;
has_relation(repo: Repository, "repository", issue: Issue) if issue.Repo = repo;

?= "read" = VERBS.GET;
