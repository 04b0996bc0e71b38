"""Interprets the fragment of Lean that the block is written in, on concrete dimensions."""
