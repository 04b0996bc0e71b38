"""What a declaration says, part by part, without what proves it and what Lean is to derive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from lean_refs.one_spelling import in_one_spelling
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import read_fields, top_level
from lean_refs.reader.tokens import Token, tokenize, unquoted

Proves = Callable[[Iterable[Token]], bool]
# What stands for the proof that a hypothesis or a field has where nobody gives one: one is as good as another.
_PROVED = ":= a proof"


def said_parts(
    declaration: LeanDeclaration, proves: Proves, own: Set[str] = frozenset()
) -> Iterator[tuple[str, Sequence[Token]]]:
    """Each part with what stands before it, the members of a structure in its body.

    `proves` says of a type whether what has it is a proof; `own` are the words that the project gives a meaning of its
    own (`lean_refs.one_spelling`).
    """
    for binder in declaration.binders:
        yield f"{binder.kind} {unquoted(binder.name)} :", in_one_spelling(binder.type, own)
        proof = binder.default and proves(binder.type)
        yield (_PROVED, ()) if proof else (":=", in_one_spelling(binder.default, own))
    yield ":", in_one_spelling(declaration.result, own)
    if not declaration.is_theorem:
        body = _without_proof_and_deriving(list(tokenize(declaration.body)))
        yield declaration.body_style, in_one_spelling(_without_proofs_of_fields(body, declaration, proves), own)


def _without_proof_and_deriving(tokens: list[Token]) -> list[Token]:
    """The body without the proof that a recursion ends, and without the instances that Lean is to make."""
    ends = (k for k, token in enumerate(tokens) if token.text in ("termination_by", "decreasing_by", "deriving"))
    return tokens[: next(ends, len(tokens))]


def _without_proofs_of_fields(tokens: list[Token], declaration: LeanDeclaration, proves: Proves) -> list[Token]:
    """The body of a structure without the proofs that are the defaults of fields."""
    if not any(member.default for member in declaration.members):
        return tokens
    ends = ("where", ":=") if declaration.body_style == "extends" else ()
    begin = min((top_level(tokens, word) + 1 for word in ends), default=0)
    fields = read_fields(tokens[begin:])
    proofs = {token.start for one in fields if one.default and proves(one.type) for token in one.default}
    return [token for token in tokens if token.start not in proofs]
