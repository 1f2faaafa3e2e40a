"""How other programs ask: retrievers for their frameworks, and protocols that tools speak."""
