"""Normal forms of Lean text: what is left of a statement when spelling, bound names and abbreviations are
gone.

A normal form resolves every name, unfolds every `abbrev`, numbers bound names by their place, orders
arguments by the binders they are for, and drops redundant parentheses. Equal normal forms mean equal
statements; different ones mean nothing by themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from lean_refs.propositions import (
    Conjunct,
    assumed,
    claims,
    proofs_among,
    proofs_of_mathlib,
    propositions_in,
    states,
)
from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.parser import parse_code, parse_term
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.tactic_terms import term_made
from lean_refs.reader.terms import (
    Apply,
    Argument,
    Ascribe,
    Bind,
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
)  # fmt: skip
from lean_refs.reader.tokens import Token, spelled, tokenize

Form: TypeAlias = "str | tuple[Form, ...]"
BoundNames: TypeAlias = dict[str, Form]
_DEEPEST = 60
_LEVELS = ((20, "↔"), (25, "→"), (30, "∨"), (35, "∧"), (50, "= ≠ < ≤ > ≥ ∈ ∉ ⊆"), (65, "++ + -"), (70, "* /"))
_PRECEDENCE = {operator: level for level, operators in _LEVELS for operator in operators.split()}
_RIGHT = frozenset((25, 30, 35))
# Where a scope counts what it binds: no name is spelled like it.
_COUNT, _ASSUMED = "#", "##"
# `a > b` is `b < a` by definition.
_TURNED = {">": "<", "≥": "≤"}
_COERCED = "ofLp"
_HOLE = re.compile(r"\?\w+")


class _Application(tuple[Form, ...]):
    """The form of a function and its arguments, as many as stand in a row before the next one."""


def digest(text: str) -> str:
    """The hash under which the pin knows a text: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def statement_text(declaration: LeanDeclaration) -> str:
    """The statement as one line: own binders, result type and members, with single spaces."""
    parts = [declaration.kind]
    for binder in declaration.binders:
        parts += binder.kind, binder.name, ":", spelled(binder.type), ":=", spelled(binder.default)
    for member in declaration.members:
        parts += "|", member.name, ":", spelled(member.type), ":=", spelled(member.default)
    return " ".join((*parts, ":", spelled(declaration.result)))


def conclusion_text(declaration: LeanDeclaration) -> str:
    """What stands after the binders, as one line: members and result type."""
    parts = [f"| {member.name} : {spelled(member.type)} := {spelled(member.default)}" for member in declaration.members]
    return " ".join((*parts, ":", spelled(declaration.result)))


# Two spellings of one symbol, in Lean itself.
_SYMBOLS = {"λ": "fun", "↦": "=>", "->": "→", "<-": "←", "<=": "≤", ">=": "≥"}


def body_text(declaration: LeanDeclaration) -> str:
    """The body as one line, each symbol in one spelling."""
    words = (_SYMBOLS.get(token.text, token.text) for token in tokenize(declaration.body))
    return " ".join((declaration.body_style, *words))


def docstring_text(declaration: LeanDeclaration) -> str:
    """The docstring with single spaces; empty if there is none."""
    return re.sub(r"\s+", " ", declaration.docstring or "").strip()


class Normalizer:
    """Normal forms over one name table.

    `blank` also hides which declarations are named (for renames), `called` gives some of them other names.
    """

    def __init__(self, names: NameTable, blank: bool = False, called: Mapping[str, str] | None = None) -> None:
        self.names = names
        self.blank = blank
        self.called = called or {}

    def statement(self, declaration: LeanDeclaration) -> str:
        """The normal form of the statement: types of the binders in order, then the members and the result
        type.
        """
        binders, result = self.parts(declaration)
        defaults = (("default", default) for _, default in binders if default)
        return _flat((*(type_ for type_, _ in binders), *defaults, result))

    def parts(self, declaration: LeanDeclaration) -> tuple[list[tuple[str, str]], str]:
        """Normal forms of each binder's type and default ('' for none), and of members and result."""
        scope: BoundNames = {}
        binders: list[tuple[str, str]] = []
        for binder in declaration.binders:
            type_ = _flat(self._tokens(binder.type, scope, declaration))
            binders.append((type_, _flat(self._tokens(binder.default, scope, declaration))))
            scope = (
                _assuming(scope, binder.name)
                if self.assumes(binder, declaration)
                else _binding(scope, binder.name, "b")
            )
        forms: list[Form] = []
        for member in declaration.members:
            forms.append(("member", self._tokens(member.type, scope, declaration)))
            scope = _binding(scope, member.name, "b")
        return binders, _flat((*forms, self._tokens(declaration.result, scope, declaration)))

    def assumes(self, binder: Binder, owner: LeanDeclaration) -> tuple[Conjunct, ...]:
        """The conjuncts that a hypothesis assumes, relations with digests of their sides; nothing for data."""
        return assumed(binder, propositions_in(self.names, owner), digest)

    def body(self, declaration: LeanDeclaration) -> str:
        """The normal form of the body; a proof or a body by patterns only has its names resolved."""
        scope: BoundNames = {}
        for binder in declaration.binders:
            scope = _binding(scope, binder.name or "·", "b")
        if declaration.body_style == ":=" and not declaration.is_theorem:
            try:
                return _flat(self._form(parse_code(declaration.body), scope, declaration, 0))
            except (UnreadableError, RecursionError):
                pass
        return _flat(self._spelling(tokenize(declaration.body), scope, declaration))

    def _tokens(self, tokens: tuple[Token, ...], scope: BoundNames, owner: LeanDeclaration) -> Form:
        if not tokens:
            return ""
        tokens = tuple(token._replace(text=_SYMBOLS.get(token.text, token.text)) for token in tokens)
        try:
            return self._form(parse_term(tokens), scope, owner, 0)
        except (UnreadableError, RecursionError):
            return self._spelling(iter(tokens), scope, owner)

    def _spelling(self, tokens: Iterator[Token], scope: BoundNames, owner: LeanDeclaration) -> Form:
        """Token by token, with names resolved: for text that has no tree."""
        return tuple(self._name(token.text, scope, owner) if token.kind == "name" else token.text for token in tokens)

    def _name(self, text: str, scope: BoundNames, owner: LeanDeclaration) -> Form:
        base, _, rest = text.partition(".")
        if base in scope:
            return ("project", scope[base], rest) if rest else scope[base]
        resolved = self.names.resolve_in(text, owner)
        return self._declared(resolved) if resolved else text

    def _declared(self, resolved: Resolved) -> Form:
        name = "·" if self.blank else self.called.get(resolved.name, resolved.name)
        return ("project", name, ".".join(resolved.fields)) if resolved.fields else name

    def _form(self, term: Term, scope: BoundNames, owner: LeanDeclaration, depth: int) -> Form:
        def form(part: Term, inner: BoundNames = scope) -> Form:
            return self._form(part, inner, owner, depth)

        match term:
            case Name() | Apply():
                return self._apply(term, scope, owner, depth)
            case Literal(text) | Operator(text):
                return text
            case Dot(text):
                return ("dot", text)
            case Chain(items):
                return self._chain([form(item) for item in items])
            case Brackets(kind, items):
                return (kind, *(form(item) for item in items))
            case Structure(fields, source):
                proofs = self._proofs(frozenset(name for name, _ in fields))
                forms = ((name, "proof" if name in proofs else form(value)) for name, value in fields)
                return ("structure", form(source) if source else "", *forms)
            case Project(inner, field):
                return ("project", form(inner), field)
            case Ascribe(inner, type_):
                return ("ascribe", form(inner), form(type_))
            case Bind():
                return self._bind(term, scope, owner, depth)
            case Let():
                return self._let(term, scope, owner, depth)
        return self._tactics(term, scope, owner, depth)

    def _let(self, term: Let, scope: BoundNames, owner: LeanDeclaration, depth: int) -> Form:
        """What is bound to a proof stands for what it proves: which proof that is makes no difference."""
        type_ = self._form(term.type, scope, owner, depth) if term.type else ""
        if term.name and term.type and claims(term.type, propositions_in(self.names, owner)):
            return self._form(term.body, scope | {term.name: ("proof", type_)}, owner, depth)
        return (
            "let",
            self._form(term.pattern, scope, owner, depth) if term.pattern else "",
            type_,
            self._form(term.value, scope, owner, depth),
            self._form(term.body, _binding(scope, term.name, "l"), owner, depth),
        )

    def _tactics(self, term: Tactics, scope: BoundNames, owner: LeanDeclaration, depth: int) -> Form:
        """The term that the tactics make; what fills only holes of proofs makes no difference."""
        try:
            made, rest = term_made(term.steps)
            form = self._form(made, scope, owner, depth)
        except UnreadableError:
            form, rest = "by", term.steps
        if not rest or (form != "by" and not _HOLE.search(_flat(form))):
            return form
        return (form, *(self._spelling(iter(step), scope, owner) for step in rest))

    def _proofs(self, fields: frozenset[str]) -> set[str]:
        """Which fields of a structure literal are proofs in every structure that has just these, or in Mathlib's."""
        return self._structures.get(fields, proofs_of_mathlib(fields))

    @cached_property
    def _structures(self) -> dict[frozenset[str], set[str]]:
        found: dict[frozenset[str], set[str]] = {}
        for declaration in self.names.declarations.values():
            if declaration.kind == "structure" and declaration.members:
                proofs = proofs_among(declaration.members, propositions_in(self.names, declaration))
                fields = frozenset(member.name for member in declaration.members)
                found[fields] = found.get(fields, proofs) & proofs
        return found

    def _bind(self, term: Bind, scope: BoundNames, owner: LeanDeclaration, depth: int) -> Form:
        forms: list[Form] = []
        for group in term.bound:
            type_ = self._form(group.type, scope, owner, depth) if group.type else ""
            for name in group.names or ("",):
                scope = _binding(scope, name, "v")
                forms.append(type_)
        body = self._form(term.body, scope, owner, depth)
        if term.keyword == "fun":
            forms, body = _without_what_is_passed_on(forms, body, int(str(scope[_COUNT])))
        return (term.keyword, *forms, body) if forms else body

    def _chain(self, forms: list[Form]) -> Form:
        """Grouped as Lean groups it, so that parentheses do not matter; left flat if an operator is not
        known.
        """
        operators = forms[1::2]
        if len(forms) % 2 == 0 or not all(isinstance(o, str) and o in _PRECEDENCE for o in operators):
            return ("chain", *forms)
        if len(forms) == 1:
            return forms[0]
        lowest = min(_PRECEDENCE[str(operator)] for operator in operators)
        places = [i for i, operator in enumerate(operators) if _PRECEDENCE[str(operator)] == lowest]
        at = 2 * (places[0] if lowest in _RIGHT else places[-1]) + 1
        left, right = self._chain(forms[:at]), self._chain(forms[at + 1 :])
        if forms[at] == "++":
            return _append(left, right)
        return (_TURNED[str(forms[at])], right, left) if forms[at] in _TURNED else (forms[at], left, right)

    def _apply(self, term: Name | Apply, scope: BoundNames, owner: LeanDeclaration, depth: int) -> Form:
        head, arguments = (term, ()) if isinstance(term, Name) else (term.head, term.arguments)
        values = [Argument(a.name, a.value) for a in arguments]
        forms = [self._form(argument.value, scope, owner, depth) for argument in values]
        if isinstance(head, Name) and head.text.partition(".")[0] not in scope:
            resolved = self.names.resolve_in(head.text, owner)
            declaration = self.names.get(resolved.name, owner.file) if resolved and not resolved.fields else None
            if declaration is not None:
                return self._call(declaration, values, forms, scope, depth)
        shown = self._name(head.text, scope, owner) if isinstance(head, Name) else self._form(head, scope, owner, depth)
        if not forms:
            return shown
        return _Application((self._uncoerced(shown), *(_named(a, f) for a, f in zip(values, forms, strict=True))))

    def _uncoerced(self, head: Form) -> Form:
        """Of a vector that is applied as a function the vector: `x i` is a notation for `x.ofLp i`."""
        match head:
            case ("project", of, str(field)) if self._coerces and field == _COERCED:
                return of
            case ("project", of, str(field)) if self._coerces and field.endswith(f".{_COERCED}"):
                return ("project", of, field.removesuffix(f".{_COERCED}"))
        return head

    @cached_property
    def _coerces(self) -> bool:
        """Whether the field is Mathlib's: no declaration that was read has one of this name."""
        return not any(name.endswith(f".{_COERCED}") for name in (*self.names.children, *self.names.declarations))

    def _call(
        self, declaration: LeanDeclaration, values: list[Argument], forms: list[Form], scope: BoundNames, depth: int
    ) -> Form:
        given = _by_binder(declaration, values, forms)
        if given is None:
            return (
                self._declared(Resolved(declaration.name)),
                *(_named(a, f) for a, f in zip(values, forms, strict=True)),
            )
        if declaration.kind == "abbrev" and depth < _DEEPEST and all(b.name in given for b in declaration.binders):
            try:
                # What the body binds is numbered after all that is bound here.
                inside = given | {_COUNT: scope.get(_COUNT, "0")}
                return self._form(parse_code(declaration.body), inside, declaration, depth + 1)
            except UnreadableError:
                pass
        name = self._declared(Resolved(declaration.name))
        # Two proofs of one proposition are equal, however they read.
        says = propositions_in(self.names, declaration)
        given |= {b.name: "proof" for b in declaration.binders if b.name in given and states(b.type, says)}
        order = [b.name for b in declaration.binders if b.name in given]
        places = {b.name: str(i) for i, b in enumerate(declaration.binders)}
        form: Form = (name, *((places[binder], given[binder]) for binder in order)) if order else name
        return _Application(form) if order and _in_a_row(declaration, given) else form


def _in_a_row(declaration: LeanDeclaration, given: BoundNames) -> bool:
    """Whether the arguments are the first ones, and the next one, if any, has no default that stands for it."""
    last = [b for b in declaration.binders if b.name in given][-1]
    explicit = [b for b in declaration.binders if b.kind == EXPLICIT]
    row = [b.name in given for b in explicit]
    ordered = last.kind == EXPLICIT and row == sorted(row, reverse=True)
    return ordered and not any(b.default for b in explicit if b.name not in given)


def _without_what_is_passed_on(types: list[Form], body: Form, count: int) -> tuple[list[Form], Form]:
    """`fun x => f x` is f: what is bound last, without a type, is only passed on as the last argument."""
    while types and not types[-1] and isinstance(body, _Application):
        *before, last = body
        bound = f"v{count - 1}"
        passed = last == bound or (isinstance(last, tuple) and len(last) == 2 and last[1] == bound)
        if not passed or bound in _flat(tuple(before)).replace("(", " ").replace(")", " ").split():
            break
        types, count = types[:-1], count - 1
        body = _Application(before) if len(before) > 1 else before[0]
    return types, body


def _binding(scope: BoundNames, name: str, letter: str) -> BoundNames:
    """The scope with one more bound name, called by its number: a name bound twice has two."""
    count = int(str(scope.get(_COUNT, "0")))
    return scope | {name: f"{letter}{count}", _COUNT: str(count + 1)} if name else scope


def _assuming(scope: BoundNames, name: str) -> BoundNames:
    """The scope with one more hypothesis: they are counted apart, so that one more moves nothing else."""
    count = int(str(scope.get(_ASSUMED, "0")))
    return scope | {name: f"h{count}", _ASSUMED: str(count + 1)} if name else scope


def _named(argument: Argument, form: Form) -> Form:
    return (argument.name, form) if argument.name else form


def _by_binder(declaration: LeanDeclaration, values: list[Argument], forms: list[Form]) -> BoundNames | None:
    """Which binder each argument is for, or None if the text alone does not tell."""
    named = {a.name: form for a, form in zip(values, forms, strict=True) if a.name}
    free = [b.name for b in declaration.binders if b.kind == EXPLICIT and b.name not in named]
    positional = [form for a, form in zip(values, forms, strict=True) if not a.name]
    # Two binders of one name cannot be told apart by it.
    if len(positional) > len(free) or len(free) > len(set(free)):
        return None
    if not named.keys() <= {b.name for b in declaration.binders}:
        return None
    return named | dict(zip(free, positional, strict=False))


def _append(left: Form, right: Form) -> Form:
    """Lists one after the other as one flat form; neighbouring literals join: `[a] ++ [b]` is `[a, b]`."""
    joined: list[Form] = []
    for form in (*_appended(left), *_appended(right)):
        last = joined[-1] if joined else ""
        if isinstance(form, tuple) and form[:1] == ("[",) and isinstance(last, tuple) and last[:1] == ("[",):
            joined[-1] = (*last, *form[1:])
        else:
            joined.append(form)
    return joined[0] if len(joined) == 1 else ("++", *joined)


def _appended(form: Form) -> tuple[Form, ...]:
    return form[1:] if isinstance(form, tuple) and form[:1] == ("++",) else (form,)


def _flat(form: Form) -> str:
    return form if isinstance(form, str) else "(" + " ".join(map(_flat, form)) + ")"
