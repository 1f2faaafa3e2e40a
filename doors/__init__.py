"""How other programs ask: frameworks of theirs, and protocols that tools speak."""
