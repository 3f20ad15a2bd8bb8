first(1) cut;
