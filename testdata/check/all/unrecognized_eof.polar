unfinished(1)
