visible(x) if is_publik(x);
is_public(_);
