resource Repo {
  permissions = ["read"];
}
is_small(n: Integer) if n < 10 and n > 0 or n = 100;
