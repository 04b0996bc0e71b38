"""Unification of evaluated types: finds implicit arguments, and says whether two types are the same."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import Blocked, Sought, force, is_open, peek
from lean_refs.evaluator.values import Constructed, FunctionType, LeanType, LeanValue, Pair, StructureValue, is_plain

Sameness = bool | None
"""Whether two values are the same; None where too little is known of them."""


class Unifier:
    """Compares two values, and sets what is unknown in one so that they are the same.

    Of two functions it is not known whether they are the same, unless they are one: what they do is compared elsewhere.
    One that only `finds` what is unknown leaves out what cannot tell it.
    """

    def __init__(self, finds: bool = False) -> None:
        self._finds = finds
        self._set: list[Sought] = []

    def same(self, a: LeanValue, b: LeanValue) -> Sameness:
        """Whether the two are the same, now that what is unknown in one is set."""
        a, b = peek(a), peek(b)
        if a is b:
            return True
        if a.__class__ is Sought:
            return self._assign(a, b)
        if b.__class__ is Sought:
            return self._assign(b, a)
        if _is_joined(a) or _is_joined(b):
            return self._joined(a, b)
        if is_open(a) or is_open(b):
            return self._blocked(a, b)
        return self._known(a, b)

    def differ(self, a: LeanValue, b: LeanValue) -> bool:
        """Whether the two are known to be different; nothing is set."""
        answer = self.same(a, b)
        self._undo(0)
        return answer is False

    def _assign(self, unknown: Sought, value: LeanValue) -> Sameness:
        unknown.value = value
        self._set.append(unknown)
        return True

    def _all(self, xs: Sequence[LeanValue], ys: Sequence[LeanValue]) -> Sameness:
        if len(xs) != len(ys):
            return False
        # Every pair is compared, so that what a later one tells is not lost.
        return _both([self.same(x, y) for x, y in zip(xs, ys, strict=True)])

    def _known(self, a: LeanValue, b: LeanValue) -> Sameness:
        if callable(a) and callable(b):
            return None
        if a.__class__ is not b.__class__:
            return False
        match a:
            case LeanType():
                return self._types(a, b)
            case FunctionType():
                return self._functions(a, b)
            case tuple():
                return self._all(a, b)
            case Constructed() | StructureValue() if a.name != b.name:
                return False
            case Constructed():
                return self._all(a.arguments, b.arguments)
            case StructureValue():
                return self._named_alike(a.via, b.via) or self._all([*a.fields.values()], [*b.fields.values()])
            case Pair():
                return self._all((a.first, a.second), (b.first, b.second))
        return bool(a == b)

    def _types(self, a: LeanType, b: LeanType) -> Sameness:
        if self._named_alike(a.via, b.via):
            return True
        return a.head == b.head and self._all(a.arguments, b.arguments)

    def _named_alike(self, a: _Names, b: _Names) -> bool:
        """Whether both are known to be named by one definition with the same arguments.

        Where the arguments differ nothing is set.
        """
        for name, arguments in a:
            for other, others in b:
                if name == other:
                    before = len(self._set)
                    answer = self._all(arguments, others)
                    if answer:
                        return True
                    if answer is False:
                        self._undo(before)
        return False

    def _undo(self, count: int) -> None:
        while len(self._set) > count:
            self._set.pop().forget()

    def _functions(self, a: FunctionType, b: FunctionType) -> Sameness:
        domains = self.same(a.domain, b.domain)
        argument = Sought(a.name or b.name)
        given = peek(a.codomain(argument))
        if self._finds and is_plain(given):
            # To find the type of a function's values means to run it on what is not known.
            return None if domains else domains
        return _both([domains, self.same(given, b.codomain(argument))])

    def _blocked(self, a: LeanValue, b: LeanValue) -> Sameness:
        """A call that cannot run yet is the same as a call, or as what a call gave, of the same name."""
        if a.__class__ is not Blocked:
            a, b = b, a
        if a.__class__ is not Blocked:
            return None
        named = ((b.name, b.arguments),) if b.__class__ is Blocked else getattr(b, "via", ())
        return True if self._named_alike(((a.name, a.arguments),), named) else None

    def _joined(self, a: LeanValue, b: LeanValue) -> Sameness:
        """Lists of which parts are unknown: what is known at both ends is taken off, one unknown part is the rest."""
        parts, others = _parts(a), _parts(b)
        for end in (0, -1):
            while parts and others and self._ends(parts, others, end):
                pass
        if not parts or not others:
            return _both([self.same(part, ()) for part in parts + others])
        if len(parts) > 1:
            parts, others = others, parts
        whole = peek(parts[0])
        if len(parts) > 1 or whole.__class__ is not Sought:
            return None if len(parts) > 1 or len(others) > 1 else self.same(whole, others[0])
        return self._assign(whole, _joined(others))

    def _ends(self, parts: list[LeanValue], others: list[LeanValue], end: int) -> bool:
        """Take off what both lists have at one end; False where nothing can be."""
        a, b = peek(parts[end]), peek(others[end])
        if a == () or b == ():
            del (parts if a == () else others)[end]
            return True
        if a.__class__ is not tuple or b.__class__ is not tuple:
            if a is b:
                del parts[end], others[end]
            return a is b
        if not self.same(a[end], b[end]):
            return False
        parts[end], others[end] = (a[1:], b[1:]) if end == 0 else (a[:-1], b[:-1])
        return True


_Names = Sequence[tuple[str, tuple[LeanValue, ...]]]


def _both(answers: Sequence[Sameness]) -> Sameness:
    """Whether all hold: one that does not decides, one that is not known leaves it open."""
    return False if False in answers else None if None in answers else True


def append(a: LeanValue, b: LeanValue) -> LeanValue:
    """`a ++ b` for two lists, of which parts may be unknown."""
    known_a, known_b = peek(a), peek(b)
    if known_a.__class__ is tuple and known_b.__class__ is tuple:
        return known_a + known_b
    return Blocked(_APPEND, (a, b), lambda: _appended(force(a), force(b)))


def _appended(a: LeanValue, b: LeanValue) -> LeanValue:
    if a.__class__ is not tuple or b.__class__ is not tuple:
        raise ContractError("++ of what are no lists")
    return a + b


_APPEND = "++"


def _is_joined(value: LeanValue) -> bool:
    return value.__class__ is Blocked and value.name == _APPEND


def _parts(value: LeanValue) -> list[LeanValue]:
    value = peek(value)
    return [part for argument in value.arguments for part in _parts(argument)] if _is_joined(value) else [value]


def _joined(parts: Sequence[LeanValue]) -> LeanValue:
    whole: LeanValue = ()
    for part in parts:
        whole = append(whole, part) if whole != () else part
    return whole
