"""How fast, how large and how frugal: against what people use today, and against the limits.

python -m benchmarks.speed [SETS] [--passages 600] [--rows 10000 100000 1000000] [--quick]
"""
