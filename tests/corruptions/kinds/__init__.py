"""The corruptions, one module a kind."""
