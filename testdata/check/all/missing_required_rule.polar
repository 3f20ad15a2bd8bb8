# A role is declared, but no has_role rule says who has it.
resource Repo {
  roles = ["reader"];
}
