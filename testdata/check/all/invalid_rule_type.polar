type computed(x.y);
