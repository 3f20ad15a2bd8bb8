resource Org {
  permissions = ["read"];
  "write" if "read";
}
