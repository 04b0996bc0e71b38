"""What can be changed in the text of a Lean body, mechanically: every place, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import OPENING, Token, spelled, tokenize
from tests.texts.around import NOTHING, Around
from tests.texts.places import left_out
from tests.texts.tokens import (
    KEYWORDS,
    PRECEDENCE,
    applications,
    group_end,
    is_named,
    items,
    operands,
)

OPERATIONS = {"+": "-", "-": "+", "*": "+", "/": "*", "•": "+", "∧": "∨", "∨": "∧"}
COMPARISONS = {"<": "≤", "≤": "<", ">": "≥", "≥": ">", "=": "≠", "≠": "="}
QUANTIFIERS = {"∀": "∃", "∃": "∀"}
# Names of Lean and Mathlib, each for another of the same type; a name is changed by its last part.
NAMES = {
    "exp": "tanh", "tanh": "exp", "sqrt": "exp", "divNat": "modNat", "modNat": "divNat", "fst": "snd", "snd": "fst",
    "1": "2", "2": "1",
}  # fmt: skip
DERIVATIVES = frozenset(("HasFDerivAt", "HasDerivAt"))
DROPPED = frozenset(("symm", "adjoint"))
# What a proof is called: turned round it is erased all the same.
_HYPOTHESIS = re.compile(r"h[\w₀-₉']*")
# What is the same whatever the order of its two arguments.
SYMMETRIC = frozenset(("inner", "dot", "dotList", "add", "addFderiv", "mulSpec", "matSize"))
TYPES, RELATIONS = frozenset(("ℝ", "ℕ", "Nat")), frozenset((*COMPARISONS, *DERIVATIVES))
TERMS = frozenset(("+", "-", "*", "/", "++", "→", "•", "∘"))


@dataclass(frozen=True, slots=True)
class Change:
    """One change: which operator makes it, what it does in words, where in the text, and what comes there."""

    operator: str
    words: str
    start: int
    stop: int
    new: str

    def made(self, text: str) -> str:
        """The text with the change."""
        return text[: self.start] + self.new + text[self.stop :]


def changes(declaration: LeanDeclaration, around: Around = NOTHING) -> list[Change]:
    """Every change of a declaration's body; the places are those of `declaration.body`."""
    tokens = list(tokenize(declaration.body))
    body = Body(declaration.body, tokens, around, next_of_type(declaration), types_of(declaration))
    return ordered(made(body, MAKERS, left_out(tokens, around, types=not declaration.members)))


def made(body: Body, makers: Iterable[Maker], unchanged: Collection[int]) -> list[Change]:
    """What the operators make of a body, but for changes that begin where nothing is changed."""
    starts = {body.tokens[k].start for k in unchanged}
    return [c for make in makers for c in make(body) if c.start not in starts]


def ordered(found: Iterable[Change]) -> list[Change]:
    """Each change once, in the order of the text."""
    return sorted({(c.start, c.stop, c.new): c for c in found}.values(), key=lambda c: (c.start, c.stop, c.operator))


def types_of(declaration: LeanDeclaration) -> dict[str, str]:
    """The types of bound names, as they are written."""
    return {b.name: spelled(b.type) for b in declaration.binders}


def next_of_type(declaration: LeanDeclaration) -> Mapping[str, str]:
    """For each bound name the next one of the same type."""
    by_type: dict[str, list[str]] = {}
    for b in declaration.binders:
        by_type.setdefault(spelled(b.type), []).append(b.name)
    return {
        name: names[(k + 1) % len(names)]
        for names in by_type.values()
        for k, name in enumerate(names)
        if len(names) > 1
    }


@dataclass(frozen=True, slots=True)
class Body:
    """A text with its tokens, and what else the operators look at; `part` says which part of a statement it is."""

    text: str
    tokens: Sequence[Token]
    around: Around
    binders: Mapping[str, str]
    types: Mapping[str, str]
    part: str = ""

    def of(self, first: int, stop: int) -> str:
        """The text of the tokens from `first` on before `stop`."""
        return self.text[self.tokens[first].start : self.tokens[stop - 1].end]

    def change(self, operator: str, words: str, first: int, stop: int, new: str) -> Change:
        """A change of these tokens; its words say which one is the first."""
        place = self.tokens[first].start, self.tokens[stop - 1].end
        return Change(operator, f"{words}{self.part} (token {first})", *place, new)

    def exchanged(self, operator: str, words: str, a: tuple[int, int], b: tuple[int, int]) -> Change | None:
        """Two ranges in each other's place, if they read differently."""
        first, second = self.of(*a), self.of(*b)
        if first == second or _kind(self.tokens[a[0]]) != _kind(self.tokens[b[0]]):
            return None
        between = self.text[self.tokens[a[1] - 1].end : self.tokens[b[0]].start]
        return self.change(operator, words, a[0], b[1], f"{second}{between}{first}")


def _kind(token: Token) -> str:
    """What two terms must have in common to be of one type, as far as their first tokens tell."""
    return token.kind if token.kind != "symbol" else token.text


def _constants(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.kind == "number" and token.text.isdigit():
            role = _role(body, k)
            for new in (int(token.text) + 1, int(token.text) - 1):
                if new >= 0:
                    yield body.change(role, f"{token.text} → {new}", k, k + 1, str(new))
        elif token.kind == "number":
            yield body.change("constant", f"{token.text} → {token.text}1", k, k + 1, f"{token.text}1")


def _role(body: Body, k: int) -> str:
    return "index" if k and body.tokens[k - 1].text in ("⟨", "[") else "constant"


def _operations(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.text == "-" and _is_sign(body, k):
            yield body.change("sign", "- dropped", k, k + 1, "")
        elif token.text in OPERATIONS and k:
            yield body.change("operator", f"{token.text} → {OPERATIONS[token.text]}", k, k + 1, OPERATIONS[token.text])
        elif token.text == "⁻¹":
            yield body.change("operator", "⁻¹ dropped", k, k + 1, "")
        for kind, table in (("comparison", COMPARISONS), ("quantifier", QUANTIFIERS)):
            if token.text in table:
                yield body.change(kind, f"{token.text} → {table[token.text]}", k, k + 1, table[token.text])


def _is_sign(body: Body, k: int) -> bool:
    before = body.tokens[k - 1].text if k else "("
    return before in OPENING or before in KEYWORDS or before in PRECEDENCE


def _terms(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.text not in TERMS or _is_sign(body, k):
            continue
        if (ends := operands(body.tokens, k)) is not None:
            left, right = ends
            yield body.change("term", f"left of {token.text} dropped", left, right, body.of(k + 1, right))
            yield body.change("term", f"right of {token.text} dropped", left, right, body.of(left, k))


def _arguments(body: Body) -> Iterator[Change]:
    for head, *arguments in applications(body.tokens):
        if _binds(body, head[0]) or _short(body, head) in SYMMETRIC:
            continue
        heads = _explicit(body, head)
        given = [a for a in arguments if not is_named(body.tokens, a[0])]
        for n, (a, b) in enumerate(pairwise(arguments), 1):
            if a in given and b in given and _of_one_type(body, a, b, heads[given.index(a) :]):
                words = f"arguments {n} and {n + 1} exchanged"
                if (change := body.exchanged("arguments", words, a, b)) is not None:
                    yield change


def _binds(body: Body, k: int) -> bool:
    """Whether names are bound here, not applied."""
    return k > 0 and body.tokens[k - 1].text in ("fun", "λ", "∑", "∏", "∀", "∃", "let", "rec")


def _short(body: Body, head: tuple[int, int]) -> str:
    return body.tokens[head[1] - 1].text.rpartition(".")[2]


def _explicit(body: Body, head: tuple[int, int]) -> tuple[str, ...]:
    """What the types of explicit arguments are headed by, without the one that stands before the dot."""
    heads = body.around.explicit.get(_short(body, head), ())
    last = body.tokens[head[1] - 1]
    return heads[last.kind == "field" or last.text.partition(".")[0] in body.types :]


def _of_one_type(body: Body, a: tuple[int, int], b: tuple[int, int], heads: tuple[str, ...]) -> bool:
    """Whether Lean takes the two in each other's place, as far as their heads tell; types and proofs are no values."""
    if heads[1:]:
        return heads[0] == heads[1]
    return not any(body.of(*x) in TYPES or _is_relation(body.types.get(body.of(*x), "")) for x in (a, b))


def _is_relation(type_: str) -> bool:
    return not RELATIONS.isdisjoint(type_.split())


def _binder_order(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.text not in ("fun", "λ"):
            continue
        j = k + 1
        while j + 1 < len(body.tokens) and body.tokens[j].kind == body.tokens[j + 1].kind == "name":
            if "_" in (body.tokens[j].text, body.tokens[j + 1].text) or "fun" in (body.tokens[j + 1].text,):
                break
            change = body.exchanged("binders", "bound names exchanged", (j, j + 1), (j + 1, j + 2))
            if change is not None:
                yield change
            j += 1


def _parts(body: Body) -> Iterator[Change]:
    """Neighbours in a list, a pair or a tuple exchanged; one of a list dropped."""
    for k, token in enumerate(body.tokens):
        if token.text not in ("[", "⟨", "("):
            continue
        found = [part for part in items(body.tokens, k) if part[0] < part[1]]
        for n, (a, b) in enumerate(pairwise(found)):
            change = body.exchanged("arguments", f"parts {n} and {n + 1} of {token.text} exchanged", a, b)
            if change is not None:
                yield change
        if token.text == "[" and len(found) > 1:
            end = group_end(body.tokens, k)
            yield body.change("term", "last of a list dropped", k, end + 1, f"[{body.of(found[0][0], found[-2][1])}]")


def _branches(body: Body) -> Iterator[Change]:
    for k, token in enumerate(body.tokens):
        if token.text == "if":
            then = next((j for j in range(k, len(body.tokens)) if body.tokens[j].text == "then"), None)
            otherwise = next((j for j in range(k, len(body.tokens)) if body.tokens[j].text == "else"), None)
            if then is not None and otherwise is not None and then < otherwise:
                new = f"then {_end_of_branch(body, otherwise)[0]} else {body.of(then + 1, otherwise)}"
                yield body.change("arguments", "branches exchanged", then, _end_of_branch(body, otherwise)[1], new)


def _end_of_branch(body: Body, k: int) -> tuple[str, int]:
    j = k + 1
    while j < len(body.tokens) and body.tokens[j].text not in (")", "]", "⟩", "}", ",") and not body.tokens[j].first:
        j = group_end(body.tokens, j) + 1 if body.tokens[j].text in OPENING else j + 1
    return body.of(k + 1, j) if j > k + 1 else "", max(j, k + 1)


def _names(body: Body) -> Iterator[Change]:
    """Another name in a name's place: of the same type, or of those that Lean and Mathlib have."""
    for k, token in enumerate(body.tokens):
        if token.kind not in ("name", "field", "dot"):
            continue
        first, dot, last = token.text.rpartition(".")
        if token.kind == "field" and last in DROPPED:
            yield body.change("term", f"{token.text} dropped", k, k + 1, "")
        elif dot and token.kind == "name" and last in DROPPED and not _HYPOTHESIS.fullmatch(first):
            yield body.change("term", f".{last} dropped", k, k + 1, first)
        elif last in NAMES and (dot or last.isalpha()):
            yield body.change("name", f"{last} → {NAMES[last]}", k, k + 1, f"{first}{dot}{NAMES[last]}")
        if token.kind == "name" and not _names_an_argument(body, k) and not _binds(body, k):
            yield from _another(body, k)


def _derivatives(body: Body) -> Iterator[Change]:
    """That there is a derivative, in the place of what it is."""
    for head, *arguments in applications(body.tokens):
        if body.of(*head) in DERIVATIVES and len(arguments) == 3:
            f, claimed, x = (body.of(*a) for a in arguments)
            words, stop = f"{body.of(*head)} → DifferentiableAt", arguments[-1][1]
            yield body.change("name", words, head[0], stop, f"DifferentiableAt ℝ {f} {x}")
            yield body.change("scale", "the derivative twice", *arguments[1], f"(2 • {claimed})")


def _scaled(body: Body) -> Iterator[Change]:
    """A number that is an argument: one more of a natural one, twice a real one."""
    for k, token in enumerate(body.tokens):
        words = {"Nat": f"({token.text} + 1)", "ℕ": f"({token.text} + 1)", "ℝ": f"(2 * {token.text})"}
        new = words.get(body.types.get(token.text, ""))
        if new is not None and not _names_an_argument(body, k) and not _binds(body, k):
            yield body.change("constant", f"{token.text} → {new[1:-1]}", k, k + 1, new)


def _names_an_argument(body: Body, k: int) -> bool:
    return k + 1 < len(body.tokens) and body.tokens[k + 1].text in (":=", "=>", ":")


def _another(body: Body, k: int) -> Iterator[Change]:
    text = body.tokens[k].text
    for operator, table in (("variable", body.binders), ("name", body.around.alike)):
        head, dot, rest = text.partition(".") if operator == "variable" else (text, "", "")
        if head in table:
            yield body.change(operator, f"{head} → {table[head]}", k, k + 1, f"{table[head]}{dot}{rest}")


Maker = Callable[[Body], Iterator[Change]]
MAKERS: tuple[Maker, ...] = (
    _constants, _operations, _terms, _arguments, _binder_order, _parts, _branches, _names, _scaled,
    _derivatives,
)  # fmt: skip
