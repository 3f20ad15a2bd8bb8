ratio(1e+);
