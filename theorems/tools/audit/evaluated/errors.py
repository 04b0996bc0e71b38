"""What keeps a definition from being compared."""

from __future__ import annotations


class NoArgumentError(Exception):
    """These arguments cannot be completed: others are drawn."""


class UndrawableError(Exception):
    """A type of which no argument is drawn; the message names it."""


class MisfitError(Exception):
    """A value of an instance that is not of the type of its binder; the message says which types these are."""
