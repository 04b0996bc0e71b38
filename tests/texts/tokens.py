"""What the operators ask of the tokens of a body: groups, atoms, operands, and what stands in proofs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lean_refs.reader.tokens import CLOSING, OPENING, Token

PRECEDENCE = {
    "↔": 20, "→": 25, "∨": 30, "∧": 35, "=": 50, "≠": 50, "<": 50, "≤": 50, ">": 50, "≥": 50,
    "+": 65, "-": 65, "++": 65, "::": 67, "*": 70, "/": 70, "•": 73, "^": 75, "∘": 90,
}  # fmt: skip
# Where a term may begin or must end.
EDGES = frozenset(
    (",", ":=", "=>", "|", ":", ";", "then", "else", "with", "from", "in", "using", "at", "<|", "|>.", "▸")
)
OPENERS = frozenset(("fun", "λ", "∑", "∏", "∀", "∃", "if", "let", "have", "by", "match", "show", "exact", "refine"))
KEYWORDS = (
    EDGES | OPENERS | {"classical", "induction", "rcases", "subst", "simpa", "rec", "where", "do", "return", "intro"}
)
# Tactics that prove: a `by` block that begins with one makes no value.
_PROVES = frozenset(
    (
        "omega", "simp", "rfl", "norm_num", "decide", "ring", "ring_nf", "positivity", "linarith", "nlinarith",
        "funext", "ext", "unfold", "rw", "simp_all", "dsimp", "simpa", "intro", "have", "constructor", "calc",
    )
)  # fmt: skip
# Tactics that list lemmas.
_REWRITES = frozenset(("simp", "simpa", "dsimp", "rw", "only"))
_LEFT_OUT = frozenset(("have", "calc", "termination_by", "decreasing_by", "deriving"))


def group_end(tokens: Sequence[Token], k: int) -> int:
    """The place of the bracket that closes the one at `k`."""
    depth = 0
    for j in range(k, len(tokens)):
        depth += (tokens[j].text in OPENING) - (tokens[j].text in CLOSING)
        if depth == 0:
            return j
    return len(tokens) - 1


def group_start(tokens: Sequence[Token], k: int) -> int:
    """The place of the bracket that the one at `k` closes."""
    depth = 0
    for j in range(k, -1, -1):
        depth += (tokens[j].text in CLOSING) - (tokens[j].text in OPENING)
        if depth == 0:
            return j
    return 0


def is_atom_start(token: Token) -> bool:
    """Whether a name, a number or a group begins here."""
    return (token.kind in ("name", "dot", "number") and token.text not in KEYWORDS) or token.text in ("(", "⟨", "[")


def atom_end(tokens: Sequence[Token], k: int) -> int:
    """The place just after the atom at `k`, with the fields that are read of it."""
    j = (group_end(tokens, k) if tokens[k].text in OPENING else k) + 1
    while j < len(tokens) and tokens[j].kind == "field":
        j += 1
    return j


def applications(tokens: Sequence[Token]) -> Iterator[list[tuple[int, int]]]:
    """The atoms of each application, as ranges of tokens: a head, then arguments on lines that do not go back."""
    inside: set[int] = set()
    for k, token in enumerate(tokens):
        if not is_atom_start(token) or k in inside:
            continue
        atoms = [(k, atom_end(tokens, k))]
        while (j := atoms[-1][1]) < len(tokens) and is_atom_start(tokens[j]) and not _goes_back(tokens, k, j):
            inside.add(j)
            atoms.append((j, atom_end(tokens, j)))
        yield atoms


def is_named(tokens: Sequence[Token], k: int) -> bool:
    """Whether the argument is given by its name: its place means nothing."""
    return tokens[k].text == "(" and k + 2 < len(tokens) and tokens[k + 2].text == ":="


def _goes_back(tokens: Sequence[Token], k: int, j: int) -> bool:
    """Whether the token at `j` begins a line, no further in than the line of the token at `k`."""
    return tokens[j].first and tokens[j].column <= line_column(tokens, k)


def line_column(tokens: Sequence[Token], k: int) -> int:
    """The column where the line of a token begins."""
    while k and not tokens[k].first:
        k -= 1
    return tokens[k].column


def operands(tokens: Sequence[Token], k: int) -> tuple[int, int] | None:
    """Where the left operand of the operator at `k` begins, and where the right one ends; None without one of them."""
    level = PRECEDENCE[tokens[k].text]
    left = k
    while left and not _stops(tokens[left - 1], level):
        left = group_start(tokens, left - 1) if tokens[left - 1].text in CLOSING else left - 1
    right = k + 1
    while right < len(tokens) and not _stops_right(tokens, k, right, level):
        if tokens[right].text in OPENERS:
            right = _term_end(tokens, right)
            break
        right = group_end(tokens, right) + 1 if tokens[right].text in OPENING else right + 1
    return (left, right) if left < k and right > k + 1 else None


def _stops(token: Token, level: int) -> bool:
    text = token.text
    return text in OPENING or text in KEYWORDS or PRECEDENCE.get(text, 100) <= level


def _stops_right(tokens: Sequence[Token], k: int, j: int, level: int) -> bool:
    text = tokens[j].text
    if text in CLOSING or text in EDGES or PRECEDENCE.get(text, 100) <= level:
        return True
    return _goes_back(tokens, k, j)


def _term_end(tokens: Sequence[Token], k: int) -> int:
    """Where the term that begins with `fun` or its like ends: with its group, or where the text goes back."""
    j = k + 1
    while j < len(tokens) and tokens[j].text not in CLOSING and not _goes_back(tokens, k, j):
        j = group_end(tokens, j) + 1 if tokens[j].text in OPENING else j + 1
    return j


def in_proofs(tokens: Sequence[Token], proof_fields: Collection[str]) -> set[int]:
    """The places of tokens in proofs: blocks of tactics that prove, `have`, and fields that are proofs."""
    found: set[int] = set()
    for k, token in enumerate(tokens[:-1]):
        following = tokens[k + 1].text
        if token.text == "by" and (_is_part(tokens, k) or (following in _PROVES and not _is_data(tokens, k + 1))):
            found.update(range(k, _term_end(tokens, k)))
        elif token.text in _REWRITES and following == "[":
            found.update(range(k, group_end(tokens, k + 1)))
        elif token.text == "(" and following == "by":
            found.update(range(k, atom_end(tokens, k)))
        elif token.text == "·" and token.first:  # a goal that a tactic has left: what it is about is built before
            found.update(range(k, _term_end(tokens, k)))
        elif _is_left_out(tokens, k) or _is_proof_field(tokens, k, proof_fields):
            found.update(range(k, _statement_end(tokens, k)))
    return found


def _is_left_out(tokens: Sequence[Token], k: int) -> bool:
    """What no value depends on: a proof, why a recursion ends, or `let _ := …`."""
    return tokens[k].text in _LEFT_OUT or (tokens[k].text, tokens[k + 1].text) == ("let", "_")


def _is_proof_field(tokens: Sequence[Token], k: int, proof_fields: Collection[str]) -> bool:
    return tokens[k].text in proof_fields and tokens[k + 1].text == ":="


def _is_part(tokens: Sequence[Token], k: int) -> bool:
    """Whether a block is the last part of `⟨value, by …⟩`, the proof that the value is one."""
    end = _term_end(tokens, k)
    return tokens[k - 1].text == "," and end < len(tokens) and tokens[end].text == "⟩"


def _is_data(tokens: Sequence[Token], k: int) -> bool:
    """`simpa … using TERM` hands a value on; `intro` and `have` begin blocks of either kind."""
    return tokens[k].text in ("simpa", "intro", "have") and any(
        token.text in ("using", "exact", "refine") for token in tokens[k : _term_end(tokens, k - 1)]
    )


def _statement_end(tokens: Sequence[Token], k: int) -> int:
    """Where what begins at `k` ends: before the next line no further in, a comma of its group, or its group's end."""
    j, binders = k + 1, 0
    while j < len(tokens) and tokens[j].text not in CLOSING:
        if tokens[j].first and tokens[j].column <= tokens[k].column:
            break
        binders += (tokens[j].text in ("∑", "∏", "∀", "∃")) - (tokens[j].text == ",")
        if binders < 0:
            break
        j = group_end(tokens, j) + 1 if tokens[j].text in OPENING else j + 1
    return j


def items(tokens: Sequence[Token], k: int) -> list[tuple[int, int]]:
    """The parts between the commas of the group that the bracket at `k` opens."""
    end, found, begin, j = group_end(tokens, k), [], k + 1, k + 1
    while j < end:
        if tokens[j].text == ",":
            found.append((begin, j))
            begin = j + 1
        j = group_end(tokens, j) + 1 if tokens[j].text in OPENING else j + 1
    return [*found, (begin, end)]


def in_types(tokens: Sequence[Token]) -> set[int]:
    """The places of tokens in annotations, `let x : T := …` and `(t : T)`: they say a type, and compute nothing."""
    found: set[int] = set()
    for k, token in enumerate(tokens):
        if token.text == ":":
            j = k + 1
            while j < len(tokens) and tokens[j].text not in CLOSING | {":=", "=>", "then", ","}:
                j = group_end(tokens, j) + 1 if tokens[j].text in OPENING else j + 1
            found.update(range(k, j))
    return found


def in_lists(tokens: Sequence[Token]) -> set[int]:
    """The places of tokens inside the brackets of lists."""
    return {j for k, token in enumerate(tokens) if token.text == "[" for j in range(k + 1, group_end(tokens, k))}


def in_patterns(tokens: Sequence[Token]) -> set[int]:
    """The places of tokens between `|` and `=>`: they name parts, and compute nothing."""
    found: set[int] = set()
    for k, token in enumerate(tokens):
        if token.text == "|":
            arrow = next((j for j in range(k, len(tokens)) if tokens[j].text in ("=>", ":")), k)
            found.update(range(k, arrow))
    return found
