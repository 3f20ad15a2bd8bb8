# A rule call is no value.
same(x) if x = other(x);
other(_);
