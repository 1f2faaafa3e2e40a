"""Answers that a language model writes out of the passages, and the check of every sentence."""
