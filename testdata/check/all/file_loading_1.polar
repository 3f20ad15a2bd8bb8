twice(1);
