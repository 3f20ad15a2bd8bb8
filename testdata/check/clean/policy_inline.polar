?= allow(
  new User(grants: [{repo: "goso", role: "owner"}]),
  "read",
  new Repo(name: "goso")
);
?= not allow(new User(grants: []), "read", new Repo(name: "goso"));
