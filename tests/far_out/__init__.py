"""What holds for small instances holds far out.

Strategies draw small instances, on which a fault that begins at position 21 or at the ninth node cannot be seen. Each
definition is therefore held once, here, to plain offsets and loops well beyond what they draw.
"""
