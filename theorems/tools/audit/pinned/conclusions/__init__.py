"""Numbers of both sides of each conclusion, as the Lean text gives them, and the property held against them."""
