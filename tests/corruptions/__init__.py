"""Corruptions of a Lean source that the audit must find and name: a catalogue, and a command that tries all of it."""
