"""The interpreter's front: one declaration, concrete dimensions, plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lean_refs.interpreter.evaluate import TermInterpreter
from lean_refs.interpreter.frames import DisagreesError, Frame, OutsideError
from lean_refs.interpreter.values import Context, Graph, Index, Node, Record, Shape, Symbol, Type, Value
from lean_refs.interpreter.vocabulary import LIST, NAT, SHAPE
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, INSTANCE, Binder, LeanDeclaration, Reading


@dataclass(frozen=True, slots=True)
class NotInterpreted:
    """A declaration outside the fragment, and what in it leads outside."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A declaration whose text contradicts itself: an index, shape or context is not the declared one."""

    name: str
    why: str


Result = Value | NotInterpreted | Disagreement


class Interpreter:
    """Interprets the definitions of one reading; results are values of `lean_refs.interpreter.values`."""

    def __init__(self, reading: Reading, names: NameTable | None = None) -> None:
        self.names = names or NameTable(reading)
        self._evaluator = TermInterpreter(self.names)

    def dimensions(self, name: str) -> tuple[str, ...]:
        """The `Nat` arguments of a declaration by name, in order: what `interpret` takes as `dims`."""
        declaration = self._declaration(name)
        return tuple(b.name for b in declaration.binders if declaration and _head(b) == NAT) if declaration else ()

    def _declaration(self, name: str) -> LeanDeclaration | None:
        return self.names.get(name) or self.names.private(name)

    def interpret(
        self, name: str, dims: Mapping[str, int], shapes: Mapping[str, Shape | Context] | None = None
    ) -> Result:
        """The value of `name` with its `Nat` arguments from `dims` and its shapes and lists of shapes from
        `shapes`.

        Those not given are the scalar shape and the empty list.

        Real numbers, vectors and linear maps become symbols with their own names. Returns `NotInterpreted` or
        `Disagreement` instead of raising; a `Nat` argument missing from `dims` raises `KeyError`.
        """
        declaration = self._declaration(name)
        if declaration is None:
            return NotInterpreted(name, "there is no such declaration in what was read")
        if declaration.is_theorem or declaration.kind not in ("def", "abbrev"):
            return NotInterpreted(name, f"a {declaration.kind} has no data to interpret")
        try:
            frame = self._arguments(declaration, dims, shapes or {})
            value = self._evaluator.unfold(declaration, frame)
        except OutsideError as problem:
            return NotInterpreted(name, str(problem))
        except DisagreesError as problem:
            return Disagreement(name, str(problem))
        except RecursionError:
            return NotInterpreted(name, "terms nested too deeply")
        if isinstance(value, int | Shape | tuple | Index | Node | Graph | Record):
            return value
        return NotInterpreted(name, f"its type is not data of the fragment: {type(value).__name__.lower()}")

    def _arguments(
        self, declaration: LeanDeclaration, dims: Mapping[str, int], shapes: Mapping[str, Shape | Context]
    ) -> Frame:
        frame = Frame(declaration)
        for binder in declaration.binders:
            if binder.name:
                frame = frame.binding(binder.name, self._free(binder, frame, dims, shapes))
        return frame

    def _free(
        self, binder: Binder, frame: Frame, dims: Mapping[str, int], shapes: Mapping[str, Shape | Context]
    ) -> Value:
        type_ = self._evaluator.type_of(binder.type, frame) if binder.type else None
        match type_:
            case Type(head) if head == NAT:
                if binder.name not in dims and _head(binder) != NAT:
                    raise OutsideError(f"{binder.name} is a number whose type has another name")
                return dims[binder.name]
            case Type(head, (Type(item),)) if (head, item) == (LIST, SHAPE):
                return shapes.get(binder.name, ())
            case Type(head) if head == SHAPE:
                return shapes.get(binder.name, Shape())
            case Type(head) if binder.kind == EXPLICIT and self._evaluator.types.is_data(type_):
                of = f"{binder.name} of type {head.rsplit('.', 1)[-1]}"
                raise OutsideError(f"it takes {of}: an operation, not a fixed object")
        return Symbol(binder.name, type_ if binder.kind != INSTANCE else None)


def _head(binder: Binder) -> str:
    text = binder.type[0].text if binder.type else ""
    return NAT if text == "ℕ" else text
