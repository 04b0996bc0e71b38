"""Why nothing could be traced."""

from __future__ import annotations


class NotTraced(Exception):
    """Nothing was examined: the message says in one line what was wrong, and what would be right."""
