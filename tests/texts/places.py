"""Where in a text no value is computed: proofs, what Lean infers, patterns, and types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lean_refs.reader.records import EXPLICIT, LeanDeclaration
from lean_refs.reader.tokens import Token, tokenize
from tests.texts.around import Around
from tests.texts.tokens import applications, atom_end, in_patterns, in_proofs, in_types, is_named


def left_out(tokens: Sequence[Token], around: Around, *, types: bool) -> set[int]:
    """The places of tokens that no operator changes; those in `types` as well, where what is declared is a value."""
    found = in_proofs(tokens, around.proof_fields) | in_patterns(tokens)
    found |= _inferred(tokens, around) | _idle(tokens, around) | _proved(tokens, around)
    return found | _in_conditions(tokens, in_types(tokens)) if types else found


def _inferred(tokens: Sequence[Token], around: Around) -> set[int]:
    """The places of tokens in implicit arguments that are given by name: any other value of them is ill-typed."""
    found: set[int] = set()
    for head, *arguments in applications(tokens):
        name = tokens[head[1] - 1].text.rpartition(".")[2]
        for first, stop in arguments:
            known = around.implicit.get(name)
            if is_named(tokens, first) and (known is None or tokens[first + 1].text in known):
                found.update(range(first, stop))
    return found


def _idle(tokens: Sequence[Token], around: Around) -> set[int]:
    """The places of tokens in arguments that only say a type: Lean refuses another, and no value depends on them."""
    found: set[int] = set()
    for head, *arguments in applications(tokens):
        places = around.idle.get(_last_two(tokens[head[1] - 1].text), {})
        unnamed = [a for a in arguments if not is_named(tokens, a[0])]
        for a in arguments:
            if (unnamed.index(a) in places) if a in unnamed else (tokens[a[0] + 1].text in places.values()):
                found.update(range(*a))
    return found


def _last_two(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def idle(definitions: Sequence[LeanDeclaration], around: Around) -> dict[str, dict[int, str]]:
    """For each definition its parameters that only say a type, by the last two parts of its name, or the last alone."""
    count = Counter(one.name.rpartition(".")[2] for one in definitions)
    found: dict[str, dict[int, str]] = {}
    for one in definitions:
        places, last = _idle_parameters(one, around), one.name.rpartition(".")[2]
        if places:
            found |= {name: places for name in (_last_two(one.name), last) if name != last or count[last] == 1}
    return found


def _idle_parameters(declaration: LeanDeclaration, around: Around) -> dict[int, str]:
    """The explicit parameters that a body names nowhere but in proofs and in types, by their places."""
    tokens = list(tokenize(declaration.body))
    unread = in_proofs(tokens, around.proof_fields) | _in_conditions(tokens, in_types(tokens))
    named = {token.text.partition(".")[0] for k, token in enumerate(tokens) if k not in unread}
    explicit = [b.name for b in declaration.binders if b.kind == EXPLICIT]
    return {k: name for k, name in enumerate(explicit) if name not in named}


def _proved(tokens: Sequence[Token], around: Around) -> set[int]:
    """The places of tokens in what a theorem is applied to, and in the fields of that: they are proofs."""
    found: set[int] = set()
    for head, *arguments in applications(tokens):
        if tokens[head[0]].kind == "name" and around.proves(tokens[head[0]].text):
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
