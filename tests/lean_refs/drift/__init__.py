"""Drift on small texts."""
