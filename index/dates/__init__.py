"""Date expressions in several languages: where they stand and which days they name."""

from index.dates.find import find_dates
from index.dates.infer import infer_published

__all__ = ["find_dates", "infer_published"]
