"""How far a float kernel of the attention or of the block may be from the real value, at matrix speed.

Midpoint-radius arithmetic on float64 arrays (Rump), and first-order bounds through the pullback with a certified
remainder. Balls stay the referee at small shapes. `declared` says what a kernel's arithmetic is, `bounded` what is
known of an array of results.
"""
