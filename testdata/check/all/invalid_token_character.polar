price(x) if x = 3$;
