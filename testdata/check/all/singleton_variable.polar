likes(person, thing) if knows(person);
knows(_);
