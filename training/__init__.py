"""How the numbers that answering relies on were fitted."""
