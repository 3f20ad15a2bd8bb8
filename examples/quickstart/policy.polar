# Who may do what with which page.

actor User {}

resource Page {
  roles = ["reader", "editor"];
  permissions = ["read", "write"];

  "read" if "reader";
  "write" if "editor";
  "reader" if "editor";
}

# Roles come from the grants stored with the user: fields of a Go struct.
has_role(user: User, role: String, page: Page) if
  grant in user.Grants and
  grant.Page = page.Slug and
  grant.Role = role;

# Every user may read what is public.
has_permission(_: User, "read", page: Page) if page.Public;

allow(user, action, page) if has_permission(user, action, page);
