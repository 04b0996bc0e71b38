"""The Lean text as referee: what it says is held against the mirror, the theorems and the pin."""
