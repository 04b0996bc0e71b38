"""What the Lean text evaluates to on numbers, held against what the mirror computes on the same numbers."""
