either(x) if x = 1 and x > 0 or x = 2;
