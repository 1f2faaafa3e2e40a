"""How many altered sentences pass the check of written answers, and how many true ones do not."""
