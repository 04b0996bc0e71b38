"""Which tests are about which declarations of a Lean project, and whether these still say what was agreed."""
