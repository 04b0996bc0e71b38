"""Deliberate faults in the mirror, and which theorem or definition test catches each of them."""
