allow("ann", "read", "doc");
?= allow("ann", "read", "doc");
?= allow("bob", "read", "doc");
?= allow("ann", "write", "doc");
