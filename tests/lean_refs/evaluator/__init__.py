"""The evaluator, on small Lean texts of our own."""
