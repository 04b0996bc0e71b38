"""The jitted block against what a user would otherwise run: `leanmirror bench`, and a pytest-benchmark suite."""
