"""What can be changed in the text of a Lean body, mechanically: every place, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import OPENING, Token, spelled, tokenize
from tests.texts.tokens import (
    EDGES,
    KEYWORDS,
    PRECEDENCE,
    applications,
    atom_end,
    group_end,
    in_lists,
    in_patterns,
    in_proofs,
    in_types,
    items,
    operands,
)

OPERATIONS = {"+": "-", "-": "+", "*": "+", "/": "*", "•": "+", "∧": "∨", "∨": "∧"}
COMPARISONS = {"<": "≤", "≤": "<", ">": "≥", "≥": ">", "=": "≠", "≠": "="}
QUANTIFIERS = {"∀": "∃", "∃": "∀"}
# Names of Lean and Mathlib, each for another of the same type; a name is changed by its last part.
NAMES = {
    "exp": "tanh", "tanh": "exp", "sqrt": "exp", "divNat": "modNat", "modNat": "divNat", "fst": "snd", "snd": "fst",
    "1": "2", "2": "1", "HasFDerivAt": "DifferentiableAt",
}  # fmt: skip
DROPPED = frozenset(("symm", "adjoint"))
# What a proof is called: turned round it is erased all the same.
_HYPOTHESIS = re.compile(r"h[\w₀-₉']*")
TERMS = frozenset(("+", "-", "*", "/", "++", "→", "•", "∘"))


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a body: the fields of structures that are proofs, and for a name one that can stand for it.

    `theorems` are short names of what proves; `implicit` are the implicit parameters of what has a short
    name: given by name, they say what Lean infers.
    """

    proof_fields: frozenset[str] = frozenset()
    implicit: Mapping[str, frozenset[str]] = field(default_factory=dict)
    theorems: frozenset[str] = frozenset()
    alike: Mapping[str, str] = field(default_factory=dict)


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


def changes(declaration: LeanDeclaration, around: Around = Around()) -> list[Change]:
    """Every change of a declaration's body; the places are those of `declaration.body`."""
    tokens = list(tokenize(declaration.body))
    body = Body(
        declaration.body, tokens, around, _binders(declaration), {b.name: spelled(b.type) for b in declaration.binders}
    )
    left_out = in_proofs(tokens, around.proof_fields) | in_patterns(tokens) | _proved(tokens, around)
    if _is_index(declaration):
        left_out |= in_lists(tokens)
    if not declaration.members:
        left_out |= _in_conditions(tokens, in_types(tokens))
    every = [c for make in MAKERS for c in make(body) if c.start not in {tokens[k].start for k in left_out}]
    inferred = {tokens[k].start for k in _inferred(tokens, around)}
    # Some bodies hold nothing else: of those, what is dropped from a context counts, as places in it do.
    found = [c for c in every if c.start not in inferred] or [c for c in every if c.operator == "term"]
    return sorted({(c.start, c.stop, c.new): c for c in found}.values(), key=lambda c: (c.start, c.stop, c.operator))


def _is_index(declaration: LeanDeclaration) -> bool:
    """Whether it defines an index: the shapes in contexts that its body names are part of its type."""
    return bool(declaration.result) and declaration.result[0].text.rpartition(".")[2] == "Idx"


def _inferred(tokens: Sequence[Token], around: Around) -> set[int]:
    """The places of tokens in implicit arguments that are given by name: any other value of them is ill-typed."""
    found: set[int] = set()
    for head, *arguments in applications(tokens):
        name = tokens[head[1] - 1].text.rpartition(".")[2]
        for first, stop in arguments:
            known = around.implicit.get(name)
            if _is_named(tokens, first) and (known is None or tokens[first + 1].text in known):
                found.update(range(first, stop))
    return found


def _proved(tokens: Sequence[Token], around: Around) -> set[int]:
    """The places of tokens in what a theorem is applied to, and in the fields of that: they are proofs."""
    found: set[int] = set()
    for head, *arguments in applications(tokens):
        parts = tokens[head[0]].text.split(".")
        if tokens[head[0]].kind == "name" and (
            parts[-1] in around.theorems or parts[0] in (*around.theorems, "congrArg")
        ):
            stop = (arguments or [head])[-1][1]
            after = stop < len(tokens) and head[0] > 0 and tokens[head[0] - 1].text == "(" and tokens[stop].text == ")"
            found.update(range(head[0], atom_end(tokens, head[0] - 1) if after else stop))
    return found


def _in_conditions(tokens: Sequence[Token], types: set[int]) -> set[int]:
    """Without those after `if h :`, which is a condition and no type."""
    kept: set[int] = set()
    for k, token in enumerate(tokens):
        if token.text == "if" and k + 2 < len(tokens) and tokens[k + 2].text == ":":
            j = k + 2
            while j < len(tokens) and tokens[j].text != "then":
                kept.add(j)
                j += 1
    return types - kept


def _binders(declaration: LeanDeclaration) -> Mapping[str, str]:
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
    """A body with its tokens, and what else the operators look at."""

    text: str
    tokens: Sequence[Token]
    around: Around
    binders: Mapping[str, str]
    types: Mapping[str, str]

    def of(self, first: int, stop: int) -> str:
        """The text of the tokens from `first` on before `stop`."""
        return self.text[self.tokens[first].start : self.tokens[stop - 1].end]

    def change(self, operator: str, words: str, first: int, stop: int, new: str) -> Change:
        """A change of these tokens; its words say which one is the first."""
        place = self.tokens[first].start, self.tokens[stop - 1].end
        return Change(operator, f"{words} (token {first})", *place, new)

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
        if _binds(body, head[0]):
            continue
        for n, (a, b) in enumerate(pairwise(arguments), 1):
            if not (_is_named(body.tokens, a[0]) or _is_named(body.tokens, b[0])):
                words = f"arguments {n} and {n + 1} exchanged"
                if (change := body.exchanged("arguments", words, a, b)) is not None:
                    yield change


def _binds(body: Body, k: int) -> bool:
    """Whether names are bound here, not applied."""
    return k > 0 and body.tokens[k - 1].text in ("fun", "λ", "∑", "∏", "∀", "∃", "let", "rec")


def _is_named(tokens: Sequence[Token], k: int) -> bool:
    """Whether the argument is given by its name: its place means nothing."""
    return tokens[k].text == "(" and k + 2 < len(tokens) and tokens[k + 2].text == ":="


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
        elif dot and last == "comp":
            yield from _composition(body, k)
        if token.kind == "name" and not _names_an_argument(body, k) and not _binds(body, k):
            yield from _another(body, k)


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


def _composition(body: Body, k: int) -> Iterator[Change]:
    """`f.comp g` as `g.comp f`."""
    token, tokens = body.tokens[k], body.tokens
    if k + 1 >= len(tokens) or tokens[k + 1].text in EDGES:
        return
    stop = atom_end(tokens, k + 1)
    inner = body.of(k + 1, stop)
    if token.kind == "name":
        outer, first = token.text.removesuffix(".comp"), k
    elif tokens[k - 1].text == ")" and token.kind == "field":
        depth, first = 0, k - 1
        while True:
            depth += (tokens[first].text == ")") - (tokens[first].text == "(")
            if depth == 0:
                break
            first -= 1
        outer = body.of(first, k)
    else:
        return
    yield body.change("arguments", "composed the other way round", first, stop, f"({inner}).comp {outer}")


Maker = Callable[[Body], Iterator[Change]]
MAKERS: tuple[Maker, ...] = (
    _constants, _operations, _terms, _arguments, _binder_order, _parts, _branches, _names, _scaled,
)  # fmt: skip
