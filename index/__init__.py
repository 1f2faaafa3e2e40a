"""Files to a searchable snapshot; knows nothing of questions."""
