# What a document and a folder have is in the data base; the program's objects hold a number each.

allow(_: User, "read", doc: Document) if doc.public;
allow(user: User, _, doc: Document) if doc.owner = user.Name;
allow(user: User, "read", doc: Document) if doc.folder.team in user.teams;
