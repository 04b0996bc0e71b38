"""Which types are data of the fragment, what type a value shows, and whether the two agree."""

from __future__ import annotations

from functools import cached_property

from lean_refs.interpreter.frames import DisagreesError, Frame, OutsideError
from lean_refs.interpreter.values import (
    UNDETERMINED,
    Graph,
    Index,
    Node,
    Record,
    Shape,
    Symbol,
    Type,
    Unknown,
    Value,
    show,
)  # fmt: skip
from lean_refs.interpreter.vocabulary import FIN, GRAPH, INDEX, LIST, NAT, NODE, SHAPE
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration

# What is computed, and never only text: what reads it would not see it.
_COMPUTED = frozenset((SHAPE, INDEX, NODE, GRAPH))
_DATA = frozenset((SHAPE, LIST, INDEX, NODE, GRAPH, NAT, FIN))


class Types:
    """What the declarations of one name table say about types."""

    def __init__(self, names: NameTable) -> None:
        self._names = names

    def is_data(self, type_: Value) -> bool:
        """Whether values of this type are computed rather than carried along as text."""
        if not isinstance(type_, Type):
            return False
        if type_.head == LIST:
            return type_.arguments == (Type(SHAPE),)
        return type_.head in _DATA or self.structure_named(type_.head) is not None

    @cached_property
    def _data_structures(self) -> frozenset[str]:
        """Structures that hold an index or a graph; `Node` itself holds functions and is not looked into."""
        found = set()
        for declaration in self._names.declarations.values():
            heads = {member.type[0].text.rsplit(".", 1)[-1] for member in declaration.members if member.type}
            if declaration.kind == "structure" and heads & {"Idx", "Graph"}:
                found.add(declaration.name)
        return frozenset(found - {INDEX, NODE})

    def structure_named(self, head: str) -> LeanDeclaration | None:
        """The declaration of a structure that is data, or None."""
        return self._names.get(head) if head in self._data_structures else None

    def is_operation(self, declaration: LeanDeclaration) -> bool:
        """Whether a definition of a node takes its inputs as arguments: then it is an operation, not a use of
        one.
        """
        return any(self.takes_input(binder) for binder in declaration.binders if binder.kind == EXPLICIT)

    def takes_input(self, binder: Binder) -> bool:
        """Whether a binder is an index, or a structure of indices."""
        return any(token.kind == "name" and token.text.rsplit(".", 1)[-1] in self._input_types for token in binder.type)

    @cached_property
    def _input_types(self) -> frozenset[str]:
        """Short names of `Idx` and of the structures all of whose fields are indices."""
        names = {"Idx"}
        for declaration in self._names.declarations.values():
            heads = [member.type[0].text.rsplit(".", 1)[-1] for member in declaration.members if member.type]
            if declaration.kind == "structure" and heads and set(heads) == {"Idx"}:
                names.add(declaration.name.rsplit(".", 1)[-1])
        return frozenset(names)


def type_of_value(value: Value) -> Value | None:
    """The type that a value shows, or None."""
    match value:
        case Shape():
            return Type(SHAPE)
        case tuple():
            return Type(LIST, (Type(SHAPE),))
        case Index():
            return Type(INDEX, (value.context, value.shape))
        case Node():
            return Type(NODE, (value.context, value.output))
        case Graph():
            return Type(GRAPH, (value.context, value.saved))
        case Record():
            return value.type
        case Symbol():
            return value.type
    return None


def checked(value: Value, expected: Value | None, frame: Frame, what: str = "the value") -> Value:
    """`value`, if it has the type that the text declares; `DisagreesError` otherwise."""
    if isinstance(value, Unknown):
        raise OutsideError(value.why)
    text = isinstance(value, Symbol) and frame.value(value.text) != value
    if text and isinstance(expected, Type) and expected.head in _COMPUTED:
        short = expected.head.rsplit(".", 1)[-1]
        raise OutsideError(f"{what} in {frame.owner.name} is no {short} that can be computed: {show(value)}")
    actual = type_of_value(value)
    if isinstance(expected, Type) and isinstance(actual, Type):
        if expected.head != actual.head:
            raise DisagreesError(f"{what} in {frame.owner.name} is a {actual.head}, expected a {expected.head}")
        for got, wanted in zip(actual.arguments, expected.arguments, strict=False):
            if isinstance(wanted, Symbol) is not isinstance(got, Symbol):
                text = wanted if isinstance(wanted, Symbol) else got
                raise OutsideError(f"{show(text)} in {frame.owner.name} is not interpreted")
            if determined(wanted) and determined(got) and got != wanted:
                raise DisagreesError(
                    f"{what} in {frame.owner.name} has {actual.head.rsplit('.', 1)[-1]} of {show(got)},"
                    f" expected {show(wanted)}"
                )
    return value


def determined(value: Value | None) -> bool:
    """Whether nothing in a value is unknown."""
    if isinstance(value, Type):
        return all(determined(argument) for argument in value.arguments)
    if isinstance(value, Symbol):
        return UNDETERMINED not in value.text
    return value is not None and not isinstance(value, Unknown)


def known_part(value: Value | None) -> Value | None:
    """`value` if it is determined, else None."""
    return value if determined(value) else None


def why_unknown(value: Value) -> str:
    """Why a value is not the wanted one, for messages."""
    return value.why if isinstance(value, Unknown) else show(value)
