"""A question to a cited answer; knows nothing of files."""
