"""The same fault below both sides: in the mirror, and as a change of the Lean text."""
