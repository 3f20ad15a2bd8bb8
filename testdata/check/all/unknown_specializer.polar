counts(_: integer);
