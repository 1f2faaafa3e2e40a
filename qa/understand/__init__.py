"""A message and its history to a question: language, dates, follow-ups, what would answer it."""

from qa.understand.question import History, understand

__all__ = ["History", "understand"]
