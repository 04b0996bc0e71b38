"""How fast the theorems are checked: `python -m benchmarks.rates`, and pytest-benchmark suites."""
