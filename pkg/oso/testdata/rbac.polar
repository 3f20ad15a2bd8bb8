actor User {}
resource Org { roles=["owner","member"]; permissions=["invite","create_repo"];
  "member" if "owner"; "create_repo" if "member"; "invite" if "owner"; }
resource Repo { roles=["admin","writer","reader"]; permissions=["read","push","delete"]; relations={org: Org};
  "reader" if "writer"; "writer" if "admin"; "admin" if "owner" on "org"; "reader" if "member" on "org";
  "read" if "reader"; "push" if "writer"; "delete" if "admin"; }
resource Issue { roles=["author"]; permissions=["view","close"]; relations={repo: Repo};
  "view" if "read" on "repo"; "close" if "writer" on "repo"; "close" if "author"; }
has_role(u: User, role: String, o: Org)  if g in u.OrgRoles  and g.OrgId  = o.Id and g.Role = role;
has_role(u: User, role: String, r: Repo) if g in u.RepoRoles and g.RepoId = r.Id and g.Role = role;
has_role(u: User, "author", i: Issue) if i.AuthorId = u.Id;
has_relation(o: Org, "org", r: Repo) if o = r.Org;
has_relation(r: Repo, "repo", i: Issue) if r = i.Repo;
allow(a, act, r) if has_permission(a, act, r);
