"""The plan past our machines: what 10 million and 1 billion chunks would cost.

    python -m benchmarks.plan [--write]

Unit costs are those measured here (`results/`), the engine's are published (`published`); nothing
is typed into `docs/scale.md` that this program does not print.
"""
