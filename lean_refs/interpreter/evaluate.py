"""Evaluates Lean terms on concrete dimensions, checking every context and shape against its declared type."""

from __future__ import annotations

from typing import TypeAlias

from lean_refs.interpreter.calls import Call, goes_beyond
from lean_refs.interpreter.frames import Frame, OutsideError, body_of, term_of
from lean_refs.interpreter.primitives import (
    appended,
    appended_lists,
    arithmetic,
    checked_index,
    operation,
    weakened,
)
from lean_refs.interpreter.render import render
from lean_refs.interpreter.types import Types, checked, known_part, why_unknown
from lean_refs.interpreter.values import (
    PROOF,
    Graph,
    Index,
    Node,
    Record,
    Shape,
    Symbol,
    Type,
    Unknown,
    Value,
    in_parentheses,
    show,
)  # fmt: skip
from lean_refs.interpreter.vocabulary import (
    DIM,
    FIN,
    GRAPH,
    INDEX,
    LIST,
    NAT,
    NIL,
    NODE,
    SCALAR,
    SHAPE,
    SIZE,
    SNOC,
    WEAKEN,
)
from lean_refs.propositions import states
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Member
from lean_refs.reader.signature import top_level
from lean_refs.reader.terms import (
    Apply,
    Arguments,
    Ascribe,
    Brackets,
    Chain,
    Dot,
    Let,
    Literal,
    Name,
    Operator,
    Project,
    Structure,
    Tactics,
    Term,
    bound_names,
)  # fmt: skip
from lean_refs.reader.tokens import Token

Fields: TypeAlias = tuple[tuple[str, Term], ...]
_DEEPEST = 150
_LAST_STEPS = frozenset(("exact", "refine"))
_DEFINING = frozenset(("let", "letI"))
_LOCAL_STEPS = _DEFINING | {"have", "haveI"}
_SKIPPED_STEPS = frozenset(("classical",))


class TermInterpreter:
    """Evaluates terms over the definitions of one name table."""

    def __init__(self, names: NameTable) -> None:
        self.names = names
        self.types = Types(names)
        self._memo: dict[tuple[str, str, tuple[tuple[str, Value], ...]], Value] = {}

    # -- terms ---------------------------------------------------------------------------------------------

    def evaluate(self, term: Term, frame: Frame, expected: Value | None = None) -> Value:
        """The value of `term`; `expected` is its type where known, possibly with unknown parts."""
        match term:
            case Literal(text):
                hole = text == "_" or text.startswith("?")
                return int(text) if text.isdigit() else Unknown(f"the hole {text}") if hole else Symbol(text)
            case Name():
                return self._apply(term, (), frame, expected)
            case Dot():
                return self._apply(term, (), frame, expected)
            case Apply(head, arguments):
                return self._apply(head, arguments, frame, expected)
            case Chain():
                return self._chain(term, frame)
            case Brackets("[", items):
                return self._list(items, frame)
            case Brackets("⟨", items):
                return self._anonymous(items, frame, expected)
            case Structure(fields, source):
                return self._structure(fields, source, frame, expected)
            case Project(inner, field):
                return self._project(self.evaluate(inner, frame), field, frame)
            case Ascribe(inner, type_):
                return self._ascribed(inner, type_, frame)
            case Let():
                return self._let(term, frame, expected)
            case Tactics(steps):
                return self._tactics(steps, frame, expected)
        return self.symbol(term, frame, expected)

    def type_of(self, tokens: tuple[Token, ...], frame: Frame) -> Value:
        """The evaluated type that `tokens` spell; names not determined yet stay `Unknown` inside it."""
        return self.evaluate(term_of(tokens, frame.owner.name), frame)

    def symbol(self, term: Term, frame: Frame, expected: Value | None) -> Symbol:
        """`term` as normalised text, with the values of its bound names put in."""
        return Symbol(render(term, lambda text: self._spelled(text, frame)), known_part(expected))

    def _spelled(self, text: str, frame: Frame) -> str | None:
        """What stands for a name in a normalised text: the value it is bound to, or its full name."""
        base, _, rest = text.partition(".")
        value = frame.value(base)
        if value is not None:
            shown = in_parentheses(show(value))
            return f"{shown}.{rest}" if rest else shown
        resolved = self.names.resolve_in(text, frame.owner)
        return ".".join((resolved.name, *resolved.fields)) if resolved else None

    def _ascribed(self, inner: Term, type_: Term, frame: Frame) -> Value:
        evaluated = self.evaluate(type_, frame)
        if not self.types.is_data(evaluated):
            return Symbol(self.symbol(Ascribe(inner, type_), frame, None).text, known_part(evaluated))
        return checked(self.evaluate(inner, frame, evaluated), evaluated, frame)

    def _chain(self, term: Chain, frame: Frame) -> Value:
        terms, between = term.items[::2], term.items[1::2]
        operators = [item.text for item in between if isinstance(item, Operator)]
        if len(terms) != len(between) + 1 or len(operators) != len(between):
            return self.symbol(term, frame, None)
        values = [self.evaluate(item, frame) for item in terms]
        if set(operators) == {"++"}:
            return appended_lists(values)
        numbers = [value for value in values if isinstance(value, int)]
        if set(operators) <= {"+", "*"} and len(numbers) == len(values):
            return arithmetic(numbers, operators)
        shown = [in_parentheses(show(value)) for value in values]
        rest = (f" {operator} {text}" for operator, text in zip(operators, shown[1:], strict=True))
        return Symbol(shown[0] + "".join(rest))

    def _list(self, items: tuple[Term, ...], frame: Frame) -> Value:
        shape_type = Type(SHAPE)
        shapes = [self.evaluate(item, frame, shape_type) for item in items]
        unknown = next((shape for shape in shapes if not isinstance(shape, Shape)), None)
        if unknown is not None:
            return Unknown(f"the list holds {show(unknown)}, which is not a shape")
        return tuple(shape for shape in shapes if isinstance(shape, Shape))

    def _anonymous(self, items: tuple[Term, ...], frame: Frame, expected: Value | None) -> Value:
        match expected:
            case Type("Fin") if items:
                return self.evaluate(items[0], frame)
            case Type(head, (context, shape)) if head == INDEX and items:
                position = self.evaluate(items[0], frame, Type(FIN))
                return self._index(position, context, shape, frame)
            case Type(head, _) if declaration := self.types.structure_named(head):
                names = [member.name for member in declaration.members]
                return self._record(tuple(zip(names, items, strict=False)), frame, expected)
        raise OutsideError(f"⟨…⟩ of type {show(expected) if expected is not None else 'unknown'}")

    def _index(self, position: Value, context: Value, shape: Value, frame: Frame) -> Value:
        if not isinstance(position, int):
            raise OutsideError(f"the position {show(position)} is not a number")
        if not isinstance(context, tuple) or not isinstance(shape, Shape):
            raise OutsideError(f"the context of index {position} is not determined: {why_unknown(context)}")
        return checked_index(Index(position, context, shape), frame.owner.name)

    def _structure(self, fields: Fields, source: Term | None, frame: Frame, expected: Value | None) -> Value:
        if source is not None or not isinstance(expected, Type):
            raise OutsideError("a structure of unknown type, or an update of one")
        return self._record(fields, frame, expected)

    def _record(self, fields: Fields, frame: Frame, expected: Type) -> Value:
        declaration = self.types.structure_named(expected.head)
        if declaration is None:
            raise OutsideError(f"a structure literal of type {expected.head}")
        parameters = [binder.name for binder in declaration.binders]
        outer = Frame(declaration, tuple(zip(parameters, expected.arguments, strict=False)), frame.depth)
        given = dict(fields)
        values: list[tuple[str, Value]] = []
        for member in declaration.members:
            values.append((member.name, self._field_value(member, given, frame, outer)))
            outer = outer.binding(*values[-1])
        return Record(expected, tuple(values))

    def _field_value(self, member: Member, given: dict[str, Term], frame: Frame, outer: Frame) -> Value:
        type_ = self.type_of(member.type, outer)
        if isinstance(type_, Symbol) and not states(member.type) and not self._resolved(member.type, outer):
            raise OutsideError(f"the field {member.name} of type {type_.text}, which was not read")
        if not self.types.is_data(type_):
            return PROOF
        if member.name not in given:
            raise OutsideError(f"the field {member.name} is not given")
        return checked(self.evaluate(given[member.name], frame, type_), type_, frame, member.name)

    def _resolved(self, type_: tuple[Token, ...], frame: Frame) -> bool:
        return self.names.resolve_in(type_[0].text, frame.owner) is not None

    def _let(self, term: Let, frame: Frame, expected: Value | None) -> Value:
        return self.evaluate(term.body, self._after(term, frame), expected)

    def _after(self, term: Let, frame: Frame) -> Frame:
        """The frame in which the body of a `let` or `have` stands."""
        if term.keyword in _DEFINING and term.name:
            return frame.binding(term.name, self._let_value(term.name, term.type, term.value, frame))
        for name in (term.name, *bound_names(term.pattern)):
            frame = frame.binding(name, Unknown(f"{name} is a proof or part of a pattern"))
        return frame

    def _let_value(self, name: str, type_: Term | None, value: Term, frame: Frame) -> Value:
        """The value of a `let`; what is outside the fragment matters only if it is used."""
        declared = self.evaluate(type_, frame) if type_ is not None else None
        if declared is not None and not self.types.is_data(declared):
            return Unknown(f"{name} is of type {show(declared)}, which is not interpreted")
        try:
            evaluated = self.evaluate(value, frame, declared)
        except OutsideError as problem:
            return Unknown(f"{name}: {problem}")
        return checked(evaluated, declared, frame, name) if declared is not None else evaluated

    def _tactics(self, steps: tuple[tuple[Token, ...], ...], frame: Frame, expected: Value | None) -> Value:
        *before, last = steps or ((),)
        for step in before:
            frame = self._after_step(step, frame)
        word = last[0].text if last else "nothing"
        start = 1 if word in _LAST_STEPS else top_level(list(last), "using") + 1 if word == "simpa" else 0
        if 0 < start < len(last):
            return self.evaluate(term_of(last[start:], frame.owner.name), frame, expected)
        raise OutsideError(f"the tactic {word}")

    def _after_step(self, step: tuple[Token, ...], frame: Frame) -> Frame:
        """The frame after a tactic that is not the last one: a `let` or `have` reads as it does in a term."""
        if step[0].text in _SKIPPED_STEPS:
            return frame
        if step[0].text not in _LOCAL_STEPS:
            raise OutsideError(f"the tactic {step[0].text}")
        body = Token("name", "_", step[-1].end, step[0].column, True)
        term = term_of((*step, body), frame.owner.name)
        assert isinstance(term, Let)
        return self._after(term, frame)

    def _project(self, value: Value, field: str, frame: Frame) -> Value:
        first, _, rest = field.partition(".")
        result = self._projected(value, first)
        return self._project(result, rest, frame) if rest else result

    def _projected(self, value: Value, field: str) -> Value:
        match value:
            case Unknown(why):
                raise OutsideError(why)
            case Record() if (found := value.field(field)) is not None:
                return found
            case Index() if field in ("i", "1"):
                return value.position
            case Index() if field in ("h", "2"):
                return PROOF
            case int() if field in ("1", "val"):
                return value
            case int() if field in ("2", "isLt"):
                return PROOF
            case tuple() if field == "length":
                return len(value)
        return Symbol(f"{in_parentheses(show(value))}.{field}")

    # -- application ---------------------------------------------------------------------------------------

    def _apply(self, head: Term, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        if frame.depth > _DEEPEST:
            raise OutsideError("definitions nested too deeply")
        match head:
            case Dot(text) if isinstance(expected, Type):
                return self._call(f"{expected.head}.{text}", arguments, frame, expected)
            case Dot("scalar" | "dim" as text):
                return self._call(f"{SHAPE}.{text}", arguments, frame, expected)
            case Dot(text):
                raise OutsideError(f".{text} of a type that the text does not give")
            case Name(text):
                return self._named(text, head, arguments, frame, expected)
        return self._neutral(head, arguments, frame, expected)

    def _named(self, text: str, head: Name, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        base, _, rest = text.partition(".")
        bound = frame.value(base)
        if bound is not None:
            if arguments:
                return self._neutral(head, arguments, frame, expected)
            return self._project(bound, rest, frame) if rest else bound
        resolved = self.names.resolve_in(text, frame.owner)
        if resolved is None:
            return self._foreign(text, head, arguments, frame, expected)
        if resolved.fields and not arguments:
            value = self._call(resolved.name, (), frame, None)
            return self._project(value, ".".join(resolved.fields), frame)
        return self._call(resolved.name, arguments, frame, expected)

    def _foreign(self, text: str, head: Term, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        """A name from outside the reading: `Nat`, `List` and `Fin` are types we know, the rest is kept as
        text.
        """
        if text in (NAT, LIST, FIN):
            return Type(text, tuple(self.evaluate(argument.value, frame) for argument in arguments))
        return self._neutral(head, arguments, frame, expected)

    def _neutral(self, head: Term, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        """An application that is not unfolded: text, in which evaluated arguments stand as their values."""
        parts = [render(head, lambda name: self._spelled(name, frame))]
        for argument in arguments:
            try:
                shown = show(self.evaluate(argument.value, frame))
            except OutsideError:
                shown = render(argument.value, lambda name: self._spelled(name, frame))
            parts.append(in_parentheses(shown) if argument.name is None else f"({argument.name} := {shown})")
        return Symbol(" ".join(parts), known_part(expected))

    def _call(self, name: str, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        if name == SCALAR:
            return Shape()
        if name == DIM:
            return self._dim(arguments, frame)
        if name == NIL:
            return self._nil(arguments, frame, expected)
        if name == SNOC:
            return self._snoc(arguments, frame, expected)
        if name in (SHAPE, INDEX, NODE, GRAPH):
            return Type(name, tuple(self.evaluate(argument.value, frame) for argument in arguments))
        declaration = self.names.get(name, frame.owner.file)
        if declaration is None:
            raise OutsideError(f"{name}, which is a field or a constructor")
        if declaration.kind in ("structure", "class", "inductive"):
            return Type(name, tuple(self.evaluate(argument.value, frame) for argument in arguments))
        if name == SIZE:
            return self._size(arguments, frame)
        if goes_beyond(declaration, arguments):
            return self._neutral(Name(f"_root_.{name}"), arguments, frame, expected)
        inner = Call(self, declaration, frame).frame(arguments, expected)
        if name == WEAKEN:
            return weakened(inner)
        return self.unfold(declaration, inner)

    def _dim(self, arguments: Arguments, frame: Frame) -> Value:
        if len(arguments) != 2:
            raise OutsideError(f"Shape.dim with {len(arguments)} arguments")
        size = self.evaluate(arguments[0].value, frame)
        rest = self.evaluate(arguments[1].value, frame, Type(SHAPE))
        if isinstance(size, int) and isinstance(rest, Shape):
            return Shape((size, *rest.dims))
        unknown = next((part for part in (size, rest) if isinstance(part, Unknown)), None)
        return unknown or Unknown(f"the size {show(size)} is not a number, or {show(rest)} not a shape")

    def _size(self, arguments: Arguments, frame: Frame) -> Value:
        if len(arguments) != 1:
            raise OutsideError(f"Shape.size with {len(arguments)} arguments")
        shape = self.evaluate(arguments[0].value, frame, Type(SHAPE))
        return shape.size if isinstance(shape, Shape) else Unknown(why_unknown(shape))

    def _nil(self, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        given = next((argument.value for argument in arguments if argument.name == "Γ"), None)
        context = self.evaluate(given, frame) if given is not None else None
        if context is None and isinstance(expected, Type) and expected.arguments:
            context = expected.arguments[0]
        if not isinstance(context, tuple):
            raise OutsideError("Graph.nil in a context that the text does not determine")
        return Graph(context)

    def _snoc(self, arguments: Arguments, frame: Frame, expected: Value | None) -> Value:
        explicit = [argument.value for argument in arguments if argument.name is None]
        if len(explicit) != 2:
            raise OutsideError(f"Graph.snoc with {len(explicit)} explicit arguments, 2 are expected")
        context = expected.arguments[0] if isinstance(expected, Type) and expected.arguments else Unknown()
        graph = self.evaluate(explicit[0], frame, Type(GRAPH, (context, Unknown())))
        if not isinstance(graph, Graph):
            raise OutsideError(f"the graph that snoc extends: {why_unknown(graph)}")
        node = self.evaluate(explicit[1], frame, Type(NODE, ((*graph.context, *graph.saved), Unknown())))
        if not isinstance(node, Node):
            raise OutsideError(f"the node that snoc appends: {why_unknown(node)}")
        return appended(graph, node, frame.owner.name)

    # -- definitions ---------------------------------------------------------------------------------------

    def unfold(self, declaration: LeanDeclaration, inner: Frame) -> Value:
        """The value of a definition whose binders have the values of `inner`."""
        key = (declaration.file, declaration.name, inner.bound)
        if key not in self._memo:
            self._memo[key] = self._unfolded(declaration, inner)
        return self._memo[key]

    def _unfolded(self, declaration: LeanDeclaration, inner: Frame) -> Value:
        result = self.type_of(declaration.result, inner) if declaration.result else None
        if isinstance(result, Type) and result.head == NODE and self.types.is_operation(declaration):
            return operation(declaration, inner, result, self.types.takes_input)
        if declaration.kind != "abbrev" and (result is None or not self.types.is_data(result)):
            shown = " ".join(in_parentheses(show(value)) for _, value in inner.bound)
            return Symbol(f"{declaration.name} {shown}".strip(), result)
        value = self.evaluate(body_of(declaration), inner, result)
        return checked(value, result, inner) if result is not None else value
