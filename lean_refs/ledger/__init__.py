"""What prose claims and what statements have, side by side: lines that are computed from the Lean text."""
