"""Values that are not there yet: delayed ones, and implicit arguments that unification will find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lean_refs.evaluator.errors import UnknownError
from lean_refs.evaluator.values import LeanValue

_NOTHING: Any = object()


class Delayed:
    """A value that is computed when it is looked at, once."""

    __slots__ = ("_run", "_value")

    def __init__(self, run: Callable[[], LeanValue]) -> None:
        self._run: Callable[[], LeanValue] | None = run
        self._value: LeanValue = _NOTHING

    def get(self) -> LeanValue:
        """The value; `UnknownError` where it depends on what is not known yet, and then it may be asked for again."""
        run = self._run
        if run is not None:
            # While it runs it is not known: a type that is asked for itself is found without it.
            self._run = _itself
            try:
                self._value = run()
            except BaseException:
                self._run = run
                raise
            self._run = None
        return self._value


class DelayedType:
    """The type that compiled code gives in an environment, computed when it is looked at, once."""

    __slots__ = ("_code", "_environment", "_value")

    def __init__(self, code: Callable[[Any, None], tuple[LeanValue, LeanValue]], environment: Any) -> None:
        self._code: Callable[[Any, None], tuple[LeanValue, LeanValue]] | None = code
        self._environment = environment
        self._value: LeanValue = _NOTHING

    def get(self) -> LeanValue:
        """The type; `UnknownError` as for a `Delayed` value."""
        code = self._code
        if code is not None:
            self._code = _itself
            try:
                self._value = code(self._environment, None)[0]
            except BaseException:
                self._code = code
                raise
            self._code = self._environment = None
        return self._value


def _itself(*_: object) -> LeanValue:
    raise UnknownError("what depends on itself")


class Sought:
    """An implicit argument to be found; `finder` is what finds it when it is first looked at, if anything does."""

    __slots__ = ("finder", "name", "value")

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: LeanValue = _NOTHING
        self.finder: Callable[[], None] | None = None

    @property
    def found(self) -> bool:
        """Whether it is known."""
        return self.value is not _NOTHING

    def find(self) -> None:
        """Ask the finder, once."""
        finder, self.finder = self.finder, None
        assert finder is not None, "asked by those that looked for one"
        finder()

    def forget(self) -> None:
        """Make it unknown again."""
        self.value = _NOTHING


class Blocked:
    """A call that cannot run before its arguments are known: what is called, the arguments, and how to run it."""

    __slots__ = ("_run", "_value", "arguments", "name")

    def __init__(self, name: str, arguments: tuple[LeanValue, ...], run: Callable[[], LeanValue]) -> None:
        self.name = name
        self.arguments = arguments
        self._run = run
        self._value: LeanValue = _NOTHING

    def get(self) -> LeanValue:
        """The value of the call; `UnknownError` while its arguments do not suffice."""
        if self._value is _NOTHING:
            self._value = self._run()
        return self._value


def peek(value: LeanValue) -> LeanValue:
    """The value as far as it is known: a `Sought`, `Blocked` or `Delayed` one only where nothing more is."""
    while True:
        kind = value.__class__
        if kind not in _UNKNOWN:
            return value
        if kind is Sought:
            if value.value is _NOTHING:
                if value.finder is None:
                    return value
                value.find()
                continue
            value = value.value
        else:
            try:
                value = value.get()
            except UnknownError:
                return value


def at_hand(value: LeanValue) -> LeanValue:
    """The value where it is there already; nothing is computed for it."""
    while value.__class__ in _UNKNOWN:
        held = value.value if value.__class__ is Sought else value._value
        if held is _NOTHING:
            return value
        value = held
    return value


def force(value: LeanValue) -> LeanValue:
    """The value itself; `UnknownError` where it is not known."""
    while True:
        kind = value.__class__
        if kind not in _UNKNOWN:
            return value
        if kind is Sought:
            if value.value is _NOTHING:
                if value.finder is not None:
                    value.find()
                    continue
                raise UnknownError(f"the argument {value.name or '_'} cannot be found from the others")
            value = value.value
        else:
            value = value.get()


def attempted(run: Callable[[], LeanValue]) -> LeanValue:
    """What `run` gives, delayed where too little is known yet: its type may be looked at before."""
    try:
        return run()
    except UnknownError:
        return Delayed(run)


def expectation(expected: LeanValue) -> LeanValue:
    """The type that is expected as far as it is known; None where nothing is expected."""
    return None if expected is None else peek(expected)


def is_open(value: LeanValue) -> bool:
    """Whether a value as `peek` gives it is not known."""
    return value.__class__ in _UNKNOWN


_UNKNOWN = frozenset((Sought, Delayed, DelayedType, Blocked))
