"""The arguments of one call: evaluated as they come in, implicit ones found by unification."""

from __future__ import annotations

from collections.abc import Iterable

from lean_refs.evaluator.coercions import COERCED, coerced
from lean_refs.evaluator.compiler import Code, Environment, Typed
from lean_refs.evaluator.described import shown
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError, UnknownError
from lean_refs.evaluator.machine import Delayed, Sought, at_hand, force, is_open, peek
from lean_refs.evaluator.targets import Supplied
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import PROOF, Fin, LeanValue
from lean_refs.evaluator.world import World

# What values of these types are: those stand as they are where one of the type must.
_OWN = {"Fin": Fin, "Nat": int, "ℕ": int}


class Spine:
    """The arguments of one call as they come in, and what is still to be found of them."""

    __slots__ = ("_environment", "_held", "_late", "_proofs", "_seen", "_unknown", "world")

    def __init__(
        self,
        world: World,
        environment: Environment,
        unknown: list[Sought] | None = None,
        seen: list[Typed] | None = None,
    ) -> None:
        self.world = world
        self._environment = environment
        self._unknown = unknown if unknown is not None else []
        self._seen = seen if seen is not None else []
        self._held: list[Typed] = []
        self._late: list[tuple[Sought, Supplied, Environment, LeanValue, str]] = []
        self._proofs: list[tuple[Supplied, LeanValue]] = []

    def implicit(self, name: str) -> Sought:
        """An argument to be found."""
        unknown = Sought(name)
        self._unknown.append(unknown)
        return unknown

    def explicit(
        self, given: Supplied, type_: LeanValue, before: Environment, proof: bool, head: str = ""
    ) -> LeanValue:
        """The value of an argument whose type must be `type_`, of that `head`; `before` are the arguments before it."""
        if given.hole:
            return self.implicit("")
        if proof:
            self._proofs.append((given, type_))
            return PROOF
        environment = before if given.own else self._environment
        if given.late and self._open():
            value = Sought("")
            self._late.append((value, given, environment, type_, head))
            return value
        return self._evaluated(given, environment, type_, head)

    def _evaluated(self, given: Supplied, environment: Environment, type_: LeanValue, head: str) -> LeanValue:
        value, found = evaluated(self.world, given.code, environment, type_, head)
        if found is not None:
            self._seen.append((type_, found))
        if self.world.contracts is not None and not is_open(at_hand(value)):  # else it may still be coerced
            self._held.append((type_, found))
        return value

    def postpone(self, result: LeanValue, expected: LeanValue) -> None:
        """Find what is unknown when it is looked at: the arguments tell it."""
        unknown = self._unknown

        def find() -> None:
            for one in unknown:
                one.finder = None
            self.settle(result, expected)

        for one in unknown:
            one.finder = find

    def settle(self, result: LeanValue, expected: LeanValue) -> None:
        """Find what is unknown: from the arguments, from the type expected of the result, from proofs."""
        if self._unknown:
            self._solve(self._seen)
            self._expect(result, expected)
        for value, given, environment, type_, head in self._late:
            value.value = self._evaluated(given, environment, type_, head)
            self._solve(self._seen[-1:])
        if self._open():
            self._solve(self._proved())
            # What the later ones told may help with the earlier ones.
            self._solve(self._seen)
            self._expect(result, expected)
            self.world.unsolved += [unknown for unknown in self._unknown if is_open(peek(unknown))]
        if self.world.contracts:
            self._hold()

    def _expect(self, result: LeanValue, expected: LeanValue) -> None:
        """Use the type that is expected of the call, also for what an earlier call has left to be found."""
        if expected is not None and (self._open() or self.world.leaves_open()):
            Unifier(finds=True).same(result, expected)

    def known(self, type_: LeanValue) -> LeanValue:
        """A type that must be known to go on."""
        found = peek(type_)
        if is_open(found):
            self._solve(self._seen)
        return force(found)

    def _open(self) -> bool:
        return any(is_open(peek(unknown)) for unknown in self._unknown)

    def _solve(self, pairs: Iterable[tuple[LeanValue, LeanValue]]) -> None:
        for declared, found in pairs:
            if not self._open():
                return
            Unifier(finds=True).same(declared, found)

    def _proved(self) -> Iterable[tuple[LeanValue, LeanValue]]:
        """The types of the proofs that are understood."""
        for given, type_ in self._proofs:
            try:
                yield type_, given.code(self._environment, type_)[1]
            except NotEvaluatedError:
                continue

    def _hold(self) -> None:
        for declared, found in self._held:
            if found is not None and Unifier().same(declared, found) is False:
                raise ContractError(f"an argument is declared as {shown(declared)}, it is of type {shown(found)}")


def evaluated(world: World, code: Code, environment: Environment, type_: LeanValue, head: str) -> Typed:
    """An argument whose type must be `type_`, of that `head`, as such; without a type where it is not known yet."""
    try:
        value, found = code(environment, type_)
    except UnknownError:
        return Delayed(lambda: coerced(world, code(environment, type_), type_)[0]), None
    if value.__class__ in COERCED and value.__class__ is not _OWN.get(head):
        value, found = coerced(world, (value, found), type_)
    if type_.__class__ is Sought or found.__class__ is Sought:
        # An argument tells the type of a bound name that has none, and what it is given to that of an argument.
        Unifier().same(type_, found)
    return value, found
