"""The prose of Lean text."""
