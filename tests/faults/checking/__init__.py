"""Deliberate faults of the checking itself: of what is drawn, judged, counted and reported."""
