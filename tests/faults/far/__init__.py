"""Faults that show only beyond what small instances have: positions, lengths, counts, magnitudes, one entry twice."""
