"""What is kept of a declaration when its text is not: names, numbers and hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lean_refs.interpreter.interpret import Disagreement, Interpreter, NotInterpreted
from lean_refs.interpreter.plain import Plain, plain
from lean_refs.interpreter.values import Context, Shape
from lean_refs.normal import Normalizer, body_text, conclusion_text, digest, docstring_text, statement_text
from lean_refs.propositions import Conjunct
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import INSTANCE, Binder, LeanDeclaration, Reading
from lean_refs.reader.telescope import telescope
from lean_refs.reader.tokens import spelled, tokenize
from lean_refs.references import references

# What the i-th `Nat` argument is in each of the three evaluations: all different, then with ones, then with a
# zero.
DIMENSIONS = ((2, 3, 5, 7, 11, 13), (3, 1, 2, 5, 4, 1), (1, 2, 0, 3, 6, 2))
# What a list of saved shapes, and a single shape, is in each evaluation.
LISTS = ((), (Shape((13,)),), (Shape((17,)), Shape((19, 2))))
SHAPES = (Shape((2, 3)), Shape((4,)), Shape())
_SHAPED = ("List", "Shape")
_UNPROVED = frozenset(("sorry", "admit", "sorryAx"))


@dataclass(frozen=True, slots=True)
class BinderPrint:
    """A binder by name and kind, with hashes of the normal forms of its type and default ('' for none).

    `instance_of` is the class that an instance binder asks for, '' for every other binder. `spelled` hashes the type as
    written, `says` has the conjuncts of a hypothesis (`lean_refs.propositions`), nothing of data.
    """

    name: str
    kind: str
    type: str
    default: str
    instance_of: str = ""
    spelled: str = ""
    says: tuple[Conjunct, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a definition evaluates to at given dimensions."""

    dims: tuple[tuple[str, int], ...]
    value: Plain


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One declaration without its text.

    `statement`, `body`, `docstring` hash the words as written, layout and comments aside; `meaning` and
    `body_meaning` hash normal forms, `skeleton` and `body_skeleton` normal forms without names of
    declarations.
    `values` is empty where `outside` says why it was not interpreted. `unproved` says that the body has a
    `sorry`. `quantified` are the names and kinds of what the statement binds after its colon (`∀`, `→`);
    the left side of an arrow has no name. What is an alias is `alias_of` another declaration, whose words these are.
    `conclusion` hashes members and result type as written; what is `private` no other file can name.
    """

    name: str
    kind: str
    file: str
    line: int
    end_line: int
    statement: str
    body: str
    docstring: str
    meaning: str
    result: str
    body_meaning: str
    skeleton: str
    body_skeleton: str
    binders: tuple[BinderPrint, ...]
    named: tuple[str, ...]
    named_in_body: tuple[str, ...]
    values: tuple[Evaluation, ...]
    outside: str
    disagrees: str
    unproved: bool
    quantified: tuple[tuple[str, str], ...] = ()
    alias_of: str = ""
    conclusion: str = ""
    private: bool = False


class Fingerprinter:
    """Fingerprints of the declarations of one reading; raises `KeyError` for a name that is not in it."""

    def __init__(self, reading: Reading, called: Mapping[str, str] | None = None) -> None:
        self._reading = reading
        self.files = frozenset(reading.files)
        self.names = NameTable(reading)
        self.interpreter = Interpreter(reading, self.names)
        self._normal = Normalizer(self.names, called=called)
        self._blank = Normalizer(self.names, blank=True)
        self._by_name: dict[str, LeanDeclaration] = {}
        for declaration in reading.declarations:
            self._by_name.setdefault(declaration.name, declaration)
        self._made: dict[str, Fingerprint] = {}

    @cached_property
    def declarations(self) -> dict[str, LeanDeclaration]:
        """The declarations by full name."""
        return dict(self._by_name)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def of(self, name: str) -> Fingerprint:
        """The fingerprint of one declaration."""
        if name not in self._made:
            self._made[name] = self._make(self._by_name[name])
        return self._made[name]

    def called(self, names: Mapping[str, str]) -> Fingerprinter:
        """The same with other names for some declarations, by those that they have, wherever they are named."""
        return Fingerprinter(self._reading, names) if names else self

    def skeletons(self, name: str) -> tuple[str, str]:
        """Only the two skeleton hashes: what a search for a renamed declaration needs."""
        declaration = self._by_name[name]
        return digest(self._blank.statement(declaration)), digest(self._blank.body(declaration))

    def _make(self, declaration: LeanDeclaration) -> Fingerprint:
        named, named_in_body = references(declaration, self.names)
        values, outside, disagrees = self._evaluated(declaration)
        parts, result = self._normal.parts(declaration)
        skeleton, body_skeleton = self.skeletons(declaration.name)
        return Fingerprint(
            name=declaration.name,
            kind=declaration.kind,
            file=declaration.file,
            line=declaration.line,
            end_line=declaration.end_line,
            statement=digest(statement_text(declaration)),
            body=digest(body_text(declaration)),
            docstring=digest(docstring_text(declaration)) if docstring_text(declaration) else "",
            meaning=digest(self._normal.statement(declaration)),
            result=digest(result),
            body_meaning=digest(self._normal.body(declaration)),
            skeleton=skeleton,
            body_skeleton=body_skeleton,
            binders=tuple(
                BinderPrint(
                    binder.name,
                    binder.kind,
                    digest(type_),
                    digest(default) if default else "",
                    _class(binder),
                    digest(spelled(binder.type)),
                    self._normal.assumes(binder, declaration),
                )
                for binder, (type_, default) in zip(declaration.binders, parts, strict=True)
            ),
            named=tuple(sorted(named)),
            named_in_body=tuple(sorted(named_in_body - named)),
            values=values,
            outside=outside,
            disagrees=disagrees,
            unproved=any(token.text in _UNPROVED for token in tokenize(declaration.body)),
            quantified=_quantified(declaration),
            alias_of=declaration.alias_of,
            conclusion=digest(conclusion_text(declaration)),
            private=declaration.is_private,
        )

    def evaluate(
        self, name: str, sizes: Sequence[int], saved: Context, shape: Shape
    ) -> Evaluation | NotInterpreted | Disagreement:
        """The value of a definition whose i-th `Nat` argument is the i-th of `sizes` (which start over).

        Every argument that is a list of shapes is `saved`, and every single shape is `shape`.
        """
        dims = {d: sizes[i % len(sizes)] for i, d in enumerate(self.interpreter.dimensions(name))}
        binders = [b for b in self._by_name[name].binders if b.type]
        shapes = {b.name: saved if b.type[0].text == "List" else shape for b in binders if b.type[0].text in _SHAPED}
        value = self.interpreter.interpret(name, dims, shapes)
        if isinstance(value, NotInterpreted | Disagreement):
            return value
        return Evaluation(tuple(dims.items()), plain(value))

    def _evaluated(self, declaration: LeanDeclaration) -> tuple[tuple[Evaluation, ...], str, str]:
        values: list[Evaluation] = []
        for at in zip(DIMENSIONS, LISTS, SHAPES, strict=True):
            found = self.evaluate(declaration.name, *at)
            if isinstance(found, NotInterpreted):
                return (), found.why, ""
            if isinstance(found, Disagreement):
                return (), "", found.why
            values.append(found)
        return tuple(values), "", ""


def _class(binder: Binder) -> str:
    return binder.type[0].text if binder.kind == INSTANCE and binder.type else ""


def _quantified(declaration: LeanDeclaration) -> tuple[tuple[str, str], ...]:
    """What a theorem binds after its colon; a definition's result type is no statement."""
    return tuple((b.name, b.kind) for b in telescope(declaration.result)) if declaration.is_theorem else ()
