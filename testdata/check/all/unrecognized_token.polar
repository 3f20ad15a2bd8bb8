# A semicolon is missing between two rules. Both lines, and the next ones, are still looked at.
one(1)
two(2);
three(3, );
four(4);
