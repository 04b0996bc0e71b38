"""Reads Lean 4 source, without Lean, into declarations; what it cannot read it names."""
