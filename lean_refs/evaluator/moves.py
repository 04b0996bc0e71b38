"""Definitions that only move numbers: where each number goes is found once for data of a form.

To append, cast, take or unpack vectors, text says of every entry which one it is, again and again. Such a definition is
run once on placeholders, which can be put somewhere and nothing else. Where it gives them back without ever looking at
one, it does the same with all numbers: those of other data of this form are moved without running the text. A
definition that looks at a placeholder does more than to move numbers, and is run as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from lean_refs.evaluator.apart import DataForm, apart, together
from lean_refs.evaluator.compiler import Environment
from lean_refs.evaluator.scalars import RealNumber, Scalars
from lean_refs.evaluator.targets import LeanParameter, environment_of
from lean_refs.evaluator.values import LeanValue
from lean_refs.evaluator.world import World

_MOST_KNOWN = 5000
ELSEWHERE: Any = object()  # given where the definition is to be run


class LookedAtError(Exception):
    """What is done depends on the number for which a placeholder stands."""


def _looked(*_: object) -> Any:
    raise LookedAtError


class Placeholder:
    """Whatever number stands at this place of the data that a definition is run on."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place

    __neg__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _looked
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _looked

    def __hash__(self) -> int:
        return _looked()


def _no_placeholders(numbers: Sequence[RealNumber]) -> Sequence[RealNumber]:
    return _looked() if any(number.__class__ is Placeholder for number in numbers) else numbers


class PlaceholderScalars:
    """Other scalars, whose operations take no placeholder."""

    def __init__(self, scalars: Scalars) -> None:
        self._scalars = scalars

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._scalars, name)
        return lambda *numbers: operation(*_no_placeholders(numbers))

    def derivative(
        self, function: Callable[[Sequence[RealNumber]], Sequence[RealNumber]], point: Sequence[RealNumber]
    ) -> Sequence[Sequence[RealNumber]]:
        """As of those scalars, where neither the point nor what the function gives is a placeholder."""
        return self._scalars.derivative(lambda moved: _no_placeholders(function(moved)), _no_placeholders(point))


@contextmanager
def _with_placeholders(world: World) -> Iterator[None]:
    before = world.scalars
    world.scalars = cast(Scalars, PlaceholderScalars(before))
    try:
        yield
    finally:
        world.scalars = before


@dataclass(frozen=True, slots=True)
class Move:
    """The form of what is given, and where its numbers come from: those of the arguments, or the constants after."""

    form: DataForm
    places: Callable[[Sequence[RealNumber]], Sequence[RealNumber]]
    constants: Sequence[RealNumber]

    def __call__(self, numbers: list[RealNumber]) -> LeanValue:
        numbers += self.constants
        return together(self.form, iter(self.places(numbers)))


class Moves:
    """What a definition does with data, as far as it moves numbers."""

    def __init__(
        self, world: World, parameters: Sequence[LeanParameter], run: Callable[[Environment], LeanValue]
    ) -> None:
        self._world = world
        self._parameters = parameters
        self._run = run
        self._runs_always = not world.moves
        self._known: dict[tuple[int, tuple[DataForm, ...]], Move] = {}

    def __call__(self, values: Sequence[LeanValue]) -> LeanValue:
        """What is given for these arguments; `ELSEWHERE` where more is done than to move their numbers."""
        if self._runs_always or self._world.contracts is not None:
            return ELSEWHERE
        numbers: list[RealNumber] = []
        try:
            forms = tuple([apart(value, numbers) for value in values])
        except Exception:  # what the definition does not look at may raise, in the scalars too
            return ELSEWHERE
        if not numbers:
            return ELSEWHERE
        at = self._world.scalars.bits(), forms  # what is a constant is a ball, perhaps
        move = self._known.get(at)
        if move is None:
            try:
                move = self._found(forms, len(numbers))
            except Exception:  # a placeholder was looked at, or what is raised here is raised again where it is run
                self._runs_always = True
                return ELSEWHERE
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[at] = move
        return move(numbers)

    def _found(self, forms: Sequence[DataForm], count: int) -> Move:
        placeholders = iter([Placeholder(place) for place in range(count)])
        given: list[RealNumber] = []
        values = [together(form, placeholders) for form in forms]
        with _with_placeholders(self._world):
            form = apart(self._run(environment_of(self._parameters, values)), given, named=False)
        return _move(form, given, count)


def _move(form: DataForm, given: Sequence[RealNumber], count: int) -> Move:
    """The move that gives data of that form with these placeholders and constants, of `count` numbers."""
    constants: list[RealNumber] = []
    places: list[int] = []
    for number in given:
        if number.__class__ is Placeholder:
            places.append(number.place)
        else:
            places.append(count + len(constants))
            constants.append(number)
    return Move(form, _taking(places), constants)


def _taking(places: Sequence[int]) -> Callable[[Sequence[RealNumber]], Sequence[RealNumber]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda numbers: [numbers[place] for place in places]
