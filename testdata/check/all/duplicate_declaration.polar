resource Doc {
  permissions = ["read", "write", "read"];
}
