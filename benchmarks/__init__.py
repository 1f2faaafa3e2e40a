"""What is measured, on public question sets in the form of `benchmarks/sets.py`."""
