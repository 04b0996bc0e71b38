"""The choices behind a failing instance, as Hypothesis saves them: what its own shrinker and reuse go on from."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis.database import ExampleDatabase


class Choices(ExampleDatabase):
    """A database of one test: the set that it is given holds what Hypothesis saves of its failures.

    Hypothesis's key is made of the test's code, which is one for all theorems here. What it keeps aside is dropped.
    """

    def __init__(self, saved: set[bytes]) -> None:
        super().__init__()
        self._saved = saved

    def fetch(self, key: bytes) -> Iterable[bytes]:
        """What is saved."""
        return () if _aside(key) else sorted(self._saved)

    def save(self, key: bytes, value: bytes) -> None:
        """Save the choices of a failure."""
        if not _aside(key):
            self._saved.add(value)

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget them: they fail no more, or plainer ones fail too."""
        if not _aside(key):
            self._saved.discard(value)


def _aside(key: bytes) -> bool:
    return key.endswith((b".secondary", b".pareto"))
