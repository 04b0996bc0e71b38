"""Evaluates Lean terms on concrete dimensions, checking every context and shape against its declared type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from lean_refs.interpreter.render import render
from lean_refs.interpreter.values import (
    UNDETERMINED, Context, Graph, Index, Node, Record, Shape, Symbol, Type, Unknown, Value, show,
)  # fmt: skip
from lean_refs.interpreter.vocabulary import (
    DGRAPH, DIM, FIN, GRAPH, INDEX, LIST, NAT, NIL, NODE, SCALAR, SHAPE, SIZE, SNOC, WEAKEN,
)  # fmt: skip
from lean_refs.reader.names import NameTable
from lean_refs.reader.parser import parse_code, parse_term
from lean_refs.reader.records import EXPLICIT, INSTANCE, Binder, LeanDeclaration, Member
from lean_refs.reader.signature import Unreadable, top_level
from lean_refs.reader.terms import (
    Apply, Argument, Ascribe, Brackets, Chain, Dot, Let, Literal, Name, Operator, Project, Structure, Tactics, Term,
)  # fmt: skip
from lean_refs.reader.tokens import Token

_DATA = frozenset((SHAPE, LIST, INDEX, NODE, GRAPH, NAT, FIN))
_DEEPEST = 150
_LAST_STEPS = frozenset(("exact", "refine"))
_SKIPPED_STEPS = frozenset(("classical", "have", "haveI"))


class Outside(Exception):
    """The text leaves the fragment that is interpreted; the message says where."""


class Disagrees(Exception):
    """The text contradicts itself: a context, shape or index is not the declared one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a term stands: the declaration it belongs to and the values of the names bound around it."""

    owner: LeanDeclaration
    bound: tuple[tuple[str, Value], ...] = ()
    depth: int = 0

    def value(self, name: str) -> Value | None:
        """The value of a bound name, or None if it is not bound here."""
        return next((value for bound, value in reversed(self.bound) if bound == name), None)

    def binding(self, name: str, value: Value) -> Frame:
        """This frame with one more name."""
        return Frame(self.owner, (*self.bound, (name, value)), self.depth)


@lru_cache(maxsize=None)
def term_of(tokens: tuple[Token, ...]) -> Term:
    """The parsed term of a type or default; `Outside` where it cannot be parsed."""
    try:
        return parse_term(tokens)
    except Unreadable as problem:
        raise Outside(str(problem)) from None


@lru_cache(maxsize=None)
def body_of(declaration: LeanDeclaration) -> Term:
    """The parsed body of a definition; `Outside` if it is given by patterns or cannot be parsed."""
    if declaration.body_style != ":=":
        raise Outside(f"{declaration.name} is not defined by ':='")
    try:
        return parse_code(declaration.body)
    except Unreadable as problem:
        raise Outside(f"the body of {declaration.name} cannot be parsed: {problem}") from None


class Evaluator:
    """Evaluates terms over the definitions of one name table."""

    def __init__(self, names: NameTable) -> None:
        self.names = names
        self._memo: dict[tuple[str, str, tuple[tuple[str, Value], ...]], Value] = {}

    # -- terms ---------------------------------------------------------------------------------------------

    def evaluate(self, term: Term, frame: Frame, expected: Value | None = None) -> Value:
        """The value of `term`; `expected` is its type where known, possibly with unknown parts."""
        match term:
            case Literal(text):
                return int(text) if text.isdigit() else Unknown(f"the hole {text}") if text == "_" else Symbol(text)
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
                return self._ascribed(inner, type_, frame, term)
            case Let():
                return self._let(term, frame, expected)
            case Tactics(steps):
                return self._tactics(steps, frame, expected)
        return self._symbol(term, frame, expected)

    def type_of(self, tokens: tuple[Token, ...], frame: Frame) -> Value:
        """The evaluated type that `tokens` spell; names not determined yet stay `Unknown` inside it."""
        return self.evaluate(term_of(tokens), frame)

    def _symbol(self, term: Term, frame: Frame, expected: Value | None) -> Symbol:
        return Symbol(render(term, lambda text: self._spelled(text, frame)), _known(expected))

    def _spelled(self, text: str, frame: Frame) -> str | None:
        """What stands for a name in a normalised text: the value it is bound to, or its full name."""
        base, _, rest = text.partition(".")
        value = frame.value(base)
        if value is not None:
            shown = show(value)
            return f"{shown}.{rest}" if rest else f"({shown})" if " " in shown else shown
        resolved = self.names.resolve_in(text, frame.owner)
        return ".".join((resolved.name, *resolved.fields)) if resolved else None

    def _ascribed(self, inner: Term, type_: Term, frame: Frame, whole: Term) -> Value:
        evaluated = self.evaluate(type_, frame)
        if not self.is_data(evaluated):
            text = render(inner, lambda name: self._spelled(name, frame))
            return Symbol(text, _known(evaluated))
        return self.checked(self.evaluate(inner, frame, evaluated), evaluated, frame)

    def _chain(self, term: Chain, frame: Frame) -> Value:
        operators = {item.text for item in term.items[1::2] if isinstance(item, Operator)}
        if any(isinstance(item, Operator) for item in term.items[::2]) or len(term.items) % 2 == 0:
            return self._symbol(term, frame, None)
        if operators == {"++"}:
            parts = [self.evaluate(item, frame) for item in term.items[::2]]
            unknown = next((part for part in parts if not isinstance(part, tuple)), None)
            if unknown is None:
                return tuple(shape for part in parts if isinstance(part, tuple) for shape in part)
            return unknown if isinstance(unknown, Unknown) else Unknown(f"{show(unknown)} is not a list of shapes")
        values = [self.evaluate(item, frame) for item in term.items[::2]]
        if operators <= {"+", "*"} and all(isinstance(value, int) for value in values):
            return _arithmetic([v for v in values if isinstance(v, int)], [i.text for i in term.items[1::2]])  # type: ignore[union-attr]
        shown = [show(v) if " " not in show(v) else f"({show(v)})" for v in values]
        texts = [shown[i // 2] if i % 2 == 0 else item.text for i, item in enumerate(term.items)]  # type: ignore[union-attr]
        return Symbol(" ".join(texts))

    def _list(self, items: tuple[Term, ...], frame: Frame) -> Value:
        shape_type = Type(SHAPE)
        shapes = [self.evaluate(item, frame, shape_type) for item in items]
        unknown = next((shape for shape in shapes if not isinstance(shape, Shape)), None)
        if unknown is not None:
            return Unknown(f"the list holds {show(unknown)}, which is not a shape")
        return tuple(shape for shape in shapes if isinstance(shape, Shape))

    def _anonymous(self, items: tuple[Term, ...], frame: Frame, expected: Value | None) -> Value:
        match expected:
            case Type("Fin"):
                return self.evaluate(items[0], frame)
            case Type(head, (context, shape)) if head == INDEX:
                position = self.evaluate(items[0], frame, Type(FIN))
                return self._index(position, context, shape, frame)
            case Type(head, _) if declaration := self._structure_named(head):
                names = [member.name for member in declaration.members]
                return self._record(tuple(zip(names, items, strict=False)), None, frame, expected)
        raise Outside(f"⟨…⟩ of type {show(expected) if expected is not None else 'unknown'}")

    def _index(self, position: Value, context: Value, shape: Value, frame: Frame) -> Value:
        if not isinstance(position, int):
            raise Outside(f"the position {show(position)} is not a number")
        if not isinstance(context, tuple) or not isinstance(shape, Shape):
            raise Outside(f"the context of index {position} is not determined: {_why(context)}")
        return checked_index(Index(position, context, shape), frame.owner.name)

    def _structure(self, fields, source: Term | None, frame: Frame, expected: Value | None) -> Value:
        if source is not None or not isinstance(expected, Type):
            raise Outside("a structure of unknown type, or an update of one")
        return self._record(fields, source, frame, expected)

    def _record(self, fields, _source: Term | None, frame: Frame, expected: Type) -> Value:
        declaration = self._structure_named(expected.head)
        if declaration is None:
            raise Outside(f"a structure literal of type {expected.head}")
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
        if not self.is_data(type_):
            return Symbol("·")
        if member.name not in given:
            raise Outside(f"the field {member.name} is not given")
        return self.checked(self.evaluate(given[member.name], frame, type_), type_, frame, member.name)

    def _let(self, term: Let, frame: Frame, expected: Value | None) -> Value:
        if term.keyword in ("have", "haveI") or not term.name:
            bound = Unknown(f"{term.name or 'a pattern'} is a proof or a pattern")
        else:
            bound = self._let_value(term.name, term.type, term.value, frame)
        return self.evaluate(term.body, frame.binding(term.name, bound), expected)

    def _let_value(self, name: str, type_: Term | None, value: Term, frame: Frame) -> Value:
        """The value of a `let`; what is outside the fragment matters only if it is used."""
        declared = self.evaluate(type_, frame) if type_ is not None else None
        if declared is not None and not self.is_data(declared):
            return Unknown(f"{name} is of type {show(declared)}, which is not interpreted")
        try:
            evaluated = self.evaluate(value, frame, declared)
        except Outside as problem:
            return Unknown(f"{name}: {problem}")
        return self.checked(evaluated, declared, frame, name) if declared is not None else evaluated

    def _tactics(self, steps: tuple[tuple[Token, ...], ...], frame: Frame, expected: Value | None) -> Value:
        for step in steps:
            word = step[0].text
            if word == "let":
                name, value = self._tactic_let(step, frame)
                frame = frame.binding(name, value)
            elif word in _LAST_STEPS and step is steps[-1]:
                return self.evaluate(term_of(step[1:]), frame, expected)
            elif word == "simpa" and step is steps[-1] and (at := top_level(list(step), "using")) < len(step):
                return self.evaluate(term_of(step[at + 1 :]), frame, expected)
            elif word not in _SKIPPED_STEPS:
                raise Outside(f"the tactic {word}")
        raise Outside("a proof")

    def _tactic_let(self, step: tuple[Token, ...], frame: Frame) -> tuple[str, Value]:
        tokens = list(step)
        assigned = top_level(tokens, ":=")
        colon = top_level(tokens[:assigned], ":")
        type_ = term_of(step[colon + 1 : assigned]) if colon < assigned else None
        name = step[1].text
        return name, self._let_value(name, type_, term_of(step[assigned + 1 :]), frame)

    def _project(self, value: Value, field: str, frame: Frame) -> Value:
        first, _, rest = field.partition(".")
        result = self._projected(value, first)
        return self._project(result, rest, frame) if rest else result

    def _projected(self, value: Value, field: str) -> Value:
        match value:
            case Unknown(why):
                raise Outside(why)
            case Record() if (found := value.field(field)) is not None:
                return found
            case Index() if field in ("i", "1"):
                return value.position
            case Index() if field in ("h", "2"):
                return Symbol("·")
            case int() if field in ("1", "val"):
                return value
            case int() if field in ("2", "isLt"):
                return Symbol("·")
            case tuple() if field == "length":
                return len(value)
        text = show(value)
        return Symbol(f"({text}).{field}" if " " in text else f"{text}.{field}")

    # -- application ---------------------------------------------------------------------------------------

    def _apply(self, head: Term, arguments: tuple[Argument, ...], frame: Frame, expected: Value | None) -> Value:
        if frame.depth > _DEEPEST:
            raise Outside("definitions nested too deeply")
        match head:
            case Dot(text) if isinstance(expected, Type):
                return self._call(f"{expected.head}.{text}", arguments, frame, expected)
            case Dot("scalar" | "dim" as text):
                return self._call(f"{SHAPE}.{text}", arguments, frame, expected)
            case Dot(text):
                raise Outside(f".{text} of a type that the text does not give")
            case Name(text):
                return self._named(text, head, arguments, frame, expected)
        return self._neutral(head, arguments, frame, expected)

    def _named(self, text: str, head: Name, arguments, frame: Frame, expected: Value | None) -> Value:
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

    def _foreign(self, text: str, head: Term, arguments, frame: Frame, expected: Value | None) -> Value:
        """A name from outside the reading: `Nat`, `List` and `Fin` are types we know, the rest is kept as text."""
        if text in (NAT, LIST, FIN):
            return Type(text, tuple(self.evaluate(argument.value, frame) for argument in arguments))
        return self._neutral(head, arguments, frame, expected)

    def _neutral(self, head: Term, arguments, frame: Frame, expected: Value | None) -> Value:
        """An application that is not unfolded: text, in which evaluated arguments stand as their values."""
        parts = [render(head, lambda name: self._spelled(name, frame))]
        for argument in arguments:
            try:
                shown = show(self.evaluate(argument.value, frame))
            except Outside:
                shown = render(argument.value, lambda name: self._spelled(name, frame))
            shown = f"({shown})" if " " in shown and not shown.startswith(("[", "(")) else shown
            parts.append(shown if argument.name is None else f"({argument.name} := {shown})")
        return Symbol(" ".join(parts), _known(expected))

    def _call(self, name: str, arguments: tuple[Argument, ...], frame: Frame, expected: Value | None) -> Value:
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
            raise Outside(f"{name}, which is not defined in what was read")
        if declaration.kind in ("structure", "class", "inductive"):
            return Type(name, tuple(self.evaluate(argument.value, frame) for argument in arguments))
        if name == SIZE:
            return self._size(arguments, frame)
        if _too_many(declaration, arguments):
            return self._neutral(Name(f"_root_.{name}"), arguments, frame, expected)
        inner = self._bind(declaration, arguments, frame, expected)
        if name == WEAKEN:
            return _weakened(inner)
        return self.unfold(declaration, inner)

    def _dim(self, arguments: tuple[Argument, ...], frame: Frame) -> Value:
        if len(arguments) != 2:
            raise Outside(f"Shape.dim with {len(arguments)} arguments")
        size = self.evaluate(arguments[0].value, frame)
        rest = self.evaluate(arguments[1].value, frame, Type(SHAPE))
        if isinstance(size, int) and isinstance(rest, Shape):
            return Shape((size, *rest.dims))
        return Unknown(f"the shape dim {show(size)} {show(rest)} is not determined")

    def _size(self, arguments: tuple[Argument, ...], frame: Frame) -> Value:
        if len(arguments) != 1:
            raise Outside(f"Shape.size with {len(arguments)} arguments")
        shape = self.evaluate(arguments[0].value, frame, Type(SHAPE))
        return shape.size if isinstance(shape, Shape) else Unknown(_why(shape))

    def _nil(self, arguments: tuple[Argument, ...], frame: Frame, expected: Value | None) -> Value:
        given = next((argument.value for argument in arguments if argument.name == "Γ"), None)
        context = self.evaluate(given, frame) if given is not None else None
        if context is None and isinstance(expected, Type) and expected.arguments:
            context = expected.arguments[0]
        if not isinstance(context, tuple):
            raise Outside("Graph.nil in a context that the text does not determine")
        return Graph(context)

    def _snoc(self, arguments: tuple[Argument, ...], frame: Frame, expected: Value | None) -> Value:
        explicit = [argument.value for argument in arguments if argument.name is None]
        if len(explicit) != 2:
            raise Outside(f"Graph.snoc with {len(explicit)} explicit arguments, 2 are expected")
        context = expected.arguments[0] if isinstance(expected, Type) and expected.arguments else Unknown()
        graph = self.evaluate(explicit[0], frame, Type(GRAPH, (context, Unknown())))
        if not isinstance(graph, Graph):
            raise Outside(f"the graph that snoc extends: {_why(graph)}")
        node = self.evaluate(explicit[1], frame, Type(NODE, ((*graph.context, *graph.saved), Unknown())))
        if not isinstance(node, Node):
            raise Outside(f"the node that snoc appends: {_why(node)}")
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
        if isinstance(result, Type) and result.head == NODE and self._is_constructor(declaration):
            return self._node(declaration, inner, result)
        if declaration.kind != "abbrev" and (result is None or not self.is_data(result)):
            shown = " ".join(show(v) if " " not in show(v) else f"({show(v)})" for _, v in inner.bound)
            return Symbol(f"{declaration.name} {shown}".strip(), result)
        value = self.evaluate(body_of(declaration), inner, result)
        return self.checked(value, result, inner) if result is not None else value

    def _is_constructor(self, declaration: LeanDeclaration) -> bool:
        """Whether a definition of a node takes its inputs as arguments: then it is an operation, not a use of one."""
        return any(self._carries_index(binder) for binder in declaration.binders if binder.kind == EXPLICIT)

    def _carries_index(self, binder: Binder) -> bool:
        return any(token.kind == "name" and token.text.rsplit(".", 1)[-1] in self._input_types for token in binder.type)

    @cached_property
    def _input_types(self) -> frozenset[str]:
        """Short names of `Idx` and of the structures all of whose fields are indices."""
        names = {"Idx"}
        for declaration in self.names.declarations.values():
            heads = [member.type[0].text.rsplit(".", 1)[-1] for member in declaration.members if member.type]
            if declaration.kind == "structure" and heads and set(heads) == {"Idx"}:
                names.add(declaration.name.rsplit(".", 1)[-1])
        return frozenset(names)

    def _node(self, declaration: LeanDeclaration, inner: Frame, result: Type) -> Value:
        context, output = result.arguments
        if not isinstance(context, tuple) or not isinstance(output, Shape):
            raise Outside(f"the context or output of {declaration.name}: {_why(context)}, {_why(output)}")
        inputs: list[int] = []
        parameters: list[tuple[str, str]] = []
        for binder in declaration.binders:
            value = inner.value(binder.name)
            if binder.kind != EXPLICIT or value is None:
                continue
            found = list(_positions(value))
            inputs += found
            if not found:
                parameters.append((binder.name, show(value)))
        return Node(declaration.name, tuple(inputs), tuple(parameters), context, output)

    def _bind(self, declaration: LeanDeclaration, arguments, frame: Frame, expected: Value | None) -> Frame:
        """The values of a definition's binders in a call: given by name, by position, by default, or inferred."""
        given = _assigned(declaration, arguments)
        inner = Frame(declaration, (), frame.depth + 1)
        unknown = {b.name: Unknown(f"{b.name} of {declaration.name} is not given") for b in declaration.binders}
        known: dict[str, Value] = {}
        if expected is not None and declaration.result:
            self._infer(term_of(declaration.result), expected, declaration, known)
        for wants_index in (False, True):
            for binder in declaration.binders:
                if not binder.name or (binder.name in known and binder.name not in given):
                    continue
                current = Frame(declaration, tuple({**unknown, **known}.items()), frame.depth + 1)
                if self._carries_index(binder) or not self._is_dimension(binder) if not wants_index else False:
                    continue
                if binder.name in given:
                    known[binder.name] = self._argument(binder, given[binder.name], frame, current, known)
                elif binder.default and wants_index:
                    known[binder.name] = self.evaluate(term_of(binder.default), current)
        bound = tuple((b.name, known.get(b.name, unknown[b.name])) for b in declaration.binders if b.name)
        return Frame(declaration, bound, inner.depth)

    def _is_dimension(self, binder: Binder) -> bool:
        return bool(binder.type) and binder.type[0].text.rsplit(".", 1)[-1] in ("Nat", "Shape", "List", "ℕ")

    def _argument(self, binder: Binder, term: Term, frame: Frame, current: Frame, known: dict[str, Value]) -> Value:
        type_ = self.type_of(binder.type, current) if binder.type else None
        if type_ is not None and not self.is_data(type_):
            return self._opaque(term, frame, type_, binder)
        value = self.evaluate(term, frame, type_)
        if isinstance(value, Unknown) and term != Literal("_"):
            raise Outside(value.why)
        if binder.type:
            self._infer(term_of(binder.type), self.type_of_value(value), current.owner, known)
        if type_ is not None:
            refined = Frame(current.owner, tuple({**dict(current.bound), **known}.items()), current.depth)
            self.checked(value, self.type_of(binder.type, refined), frame, f"{binder.name} of {current.owner.name}")
        return value

    def _opaque(self, term: Term, frame: Frame, type_: Value, binder: Binder) -> Value:
        """An argument that is carried along: a bound parameter keeps its type, which must be the one wanted."""
        if isinstance(term, Name) and isinstance(value := frame.value(term.text), Symbol | Unknown):
            wanted, got = _known(type_), value.type if isinstance(value, Symbol) else None
            if isinstance(wanted, Symbol) and isinstance(got, Symbol) and wanted.text != got.text:
                raise Disagrees(f"{binder.name} := {term.text} is of type {got.text}, expected {wanted.text}")
            return value
        if isinstance(term, Tactics):
            return Symbol("·")
        symbol = self._symbol(term.term if isinstance(term, Ascribe) else term, frame, type_)
        return symbol

    def _infer(self, pattern: Term, actual: Value | None, declaration: LeanDeclaration, known: dict[str, Value]) -> None:
        """Fill in implicit binders from a type: `Idx Γ s` against an index, `Γ ++ ss` against a list."""
        binders = {binder.name for binder in declaration.binders}
        match pattern, actual:
            case Name(text), _ if text in binders and text not in known and _determined(actual):
                known[text] = actual  # type: ignore[assignment]
            case Apply(_, arguments), Type(_, values):
                for argument, value in zip(arguments, values, strict=False):
                    self._infer(argument.value, value, declaration, known)
            case Chain((first, Operator("++"), *rest)), tuple():
                self._infer_append(first, rest, actual, declaration, known)

    def _infer_append(self, first: Term, rest: list[Term], actual: Context, declaration, known) -> None:
        head = known.get(first.text) if isinstance(first, Name) else None
        if isinstance(head, tuple) and len(rest) == 1 and actual[: len(head)] == head:
            self._infer(rest[0], actual[len(head) :], declaration, known)
        match rest:
            case [Brackets("[", (Name() as last,))] if actual:
                self._infer(first, actual[:-1], declaration, known)
                self._infer(last, actual[-1], declaration, known)

    # -- types ---------------------------------------------------------------------------------------------

    def is_data(self, type_: Value) -> bool:
        """Whether values of this type are computed rather than carried along as text."""
        if not isinstance(type_, Type):
            return False
        if type_.head == LIST:
            return type_.arguments == (Type(SHAPE),)
        return type_.head in _DATA or self._structure_named(type_.head) is not None

    @cached_property
    def _data_structures(self) -> frozenset[str]:
        """Structures that hold an index or a graph; `Node` itself holds functions and is not looked into."""
        found = set()
        for declaration in self.names.declarations.values():
            heads = {member.type[0].text.rsplit(".", 1)[-1] for member in declaration.members if member.type}
            if declaration.kind == "structure" and heads & {"Idx", "Graph"}:
                found.add(declaration.name)
        return frozenset(found - {INDEX, NODE})

    def _structure_named(self, head: str) -> LeanDeclaration | None:
        return self.names.get(head) if head in self._data_structures else None

    def type_of_value(self, value: Value) -> Value | None:
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

    def checked(self, value: Value, expected: Value | None, frame: Frame, what: str = "the value") -> Value:
        """`value`, if it has the type that the text declares; `Disagrees` otherwise."""
        if isinstance(value, Unknown):
            raise Outside(value.why)
        actual = self.type_of_value(value)
        if isinstance(expected, Type) and isinstance(actual, Type):
            if expected.head != actual.head:
                raise Disagrees(f"{what} in {frame.owner.name} is a {actual.head}, expected a {expected.head}")
            for got, wanted in zip(actual.arguments, expected.arguments, strict=False):
                if _determined(wanted) and _determined(got) and got != wanted:
                    raise Disagrees(
                        f"{what} in {frame.owner.name} has {actual.head.rsplit('.', 1)[-1]} of {show(got)},"
                        f" expected {show(wanted)}"
                    )
        return value


def checked_index(index: Index, where: str) -> Index:
    """`index`, if its context has the declared shape at its position; `Disagrees` otherwise."""
    if index.position >= len(index.context):
        raise Disagrees(f"index {index.position} in {where} is outside its context of {len(index.context)} entries")
    found = index.context[index.position]
    if found != index.shape:
        raise Disagrees(f"index {index.position} in {where} is declared {index.shape}, its context has {found} there")
    return index


def appended(graph: Graph, node: Node, where: str) -> Graph:
    """The graph with one more node, which must read the context and the outputs so far."""
    reaches = (*graph.context, *graph.saved)
    if node.context != reaches:
        raise Disagrees(
            f"node {len(graph.nodes)} in {where} reads the context {show(node.context)}, the graph has {show(reaches)}"
        )
    return Graph(graph.context, (*graph.nodes, node))


def _weakened(inner: Frame) -> Value:
    """`DGraph.weakenContext`: the same nodes, with the extra inputs after the old ones."""
    dgraph, extra = inner.value("dg"), inner.value("extra")
    graph = dgraph.field("g") if isinstance(dgraph, Record) else None
    if not isinstance(graph, Graph) or not isinstance(extra, tuple) or not isinstance(dgraph, Record):
        raise Outside("weakenContext of a graph or extra inputs that the text does not determine")
    known, shift = len(graph.context), len(extra)
    context = (*graph.context, *extra)
    moved = Graph(context)
    for node in graph.nodes:
        inputs = tuple(at if at < known else at + shift for at in node.inputs)
        moved = Graph(context, (*moved.nodes, Node(node.kind, inputs, node.parameters, (*context, *moved.saved), node.output)))
    return Record(Type(DGRAPH, (context, graph.saved)), (("g", moved), *(f for f in dgraph.fields if f[0] != "g")))


def _too_many(declaration: LeanDeclaration, arguments: tuple[Argument, ...]) -> bool:
    """Whether a call goes beyond the named binders, as for a function given by patterns."""
    named = {argument.name for argument in arguments}
    free = sum(b.kind == EXPLICIT and b.name not in named for b in declaration.binders)
    return sum(argument.name is None for argument in arguments) > free


def _assigned(declaration: LeanDeclaration, arguments: tuple[Argument, ...]) -> dict[str, Term]:
    """Which binder each argument is for: named ones by name, the others in the order of the explicit binders."""
    binders = {binder.name for binder in declaration.binders}
    given: dict[str, Term] = {}
    for argument in arguments:
        if argument.name is not None:
            if argument.name not in binders:
                raise Disagrees(f"{declaration.name} has no argument {argument.name}, it has {', '.join(sorted(binders))}")
            given[argument.name] = argument.value
    free = [b.name for b in declaration.binders if b.kind == EXPLICIT and b.name not in given]
    positional = [argument.value for argument in arguments if argument.name is None]
    return given | dict(zip(free, positional, strict=False))


def _arithmetic(values: list[int], operators: list[str]) -> int:
    total, product = 0, values[0]
    for operator, value in zip(operators, values[1:], strict=True):
        if operator == "*":
            product *= value
        else:
            total, product = total + product, value
    return total + product


def _positions(value: Value):
    """The positions that an index, or a record of indices, names, in the order of its fields."""
    if isinstance(value, Index):
        yield value.position
    elif isinstance(value, Record):
        for _, field in value.fields:
            yield from _positions(field)


def _determined(value: Value | None) -> bool:
    if isinstance(value, Type):
        return all(_determined(argument) for argument in value.arguments)
    if isinstance(value, Symbol):
        return UNDETERMINED not in value.text
    return value is not None and not isinstance(value, Unknown)


def _known(value: Value | None) -> Value | None:
    return value if _determined(value) else None


def _why(value: Value) -> str:
    return value.why if isinstance(value, Unknown) else show(value)


__all__ = ["INSTANCE", "Disagrees", "Evaluator", "Frame", "Outside"]
