"""Cuts a masked Lean file into commands: where each starts, its kind, and what precedes its keyword."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from lean_refs.reader.mask import Docstring, Masked

DECLARATION_KINDS = frozenset(
    [
        "abbrev",
        "def",
        "theorem",
        "lemma",
        "structure",
        "inductive",
        "class",
        "instance",
        "axiom",
        "opaque",
        "example",
        "alias",
        "coinductive",
        "irreducible_def",
    ]
)
PROSE = "#doc"
"""The command after which Verso reads the rest of the file as prose."""
UNFINISHED = ""
"""The keyword of a head that ends before one."""
_SCOPING = frozenset(["namespace", "section", "end", "variable", "universe", "mutual"])
_OTHER = frozenset(
    [
        "open",
        "export",
        "import",
        "module",
        "set_option",
        "include",
        "omit",
        "attribute",
        "deriving",
        "macro",
        "macro_rules",
        "syntax",
        "elab",
        "elab_rules",
        "notation",
        "infix",
        "infixl",
        "infixr",
        "prefix",
        "postfix",
        "initialize",
        "builtin_initialize",
        "run_cmd",
        "declare_syntax_cat",
        "register_option",
        "simproc",
        "simproc_decl",
        "dsimproc",
        "dsimproc_decl",
        "unif_hint",
        "register_simp_attr",
        "add_decl_doc",
        "run_meta",
        "library_note",
        "assert_not_exists",
        "recall",
        "notation3",
        "binder_predicate",
        "run_elab",
        "suppress_compilation",
        "unsuppress_compilation",
        "compile_inductive",
        "compile_def",
        "initialize_simps_projections",
        "gen_injective_theorems",
        "grind_pattern",
        "proof_wanted",
        "seal",
        "unseal",
        "add_aesop_rules",
        "erase_aesop_rules",
        "declare_aesop_rule_sets",
        "declare_simp_like_tactic",
        "declare_config_elab",
        "register_label_attr",
        "mk_iff_of_inductive_prop",
        "derive_functional_induction",
        "deprecated_module",
        "deprecated_syntax",
        "assert_not_imported",
        "recommended_spelling",
        "extend_docs",
        "register_hint",
        "register_linter_set",
        "register_grind_attr",
        "declare_core_config_elab",
        "insert_to_additive_translation",
        "to_dual_insert_cast",
        "to_dual_insert_cast_fun",
        "to_dual_name_hint",
        "name_poly_vars",
        "name_power_vars",
        "declare_command_config_elab",
        "tactic_extension",
        "scoped",
        "local",
        "meta",
        "public",
        # Those of a lakefile.
        "package",
        "require",
        "lean_lib",
        "lean_exe",
        "extern_lib",
        "target",
        "script",
        "post_update",
    ]
)
_MODIFIERS = frozenset(
    [
        "private",
        "protected",
        "public",
        "noncomputable",
        "unsafe",
        "partial",
        "nonrec",
        "meta",
        "scoped",
        "local",
    ]
)
# These are words of Lean itself, which no name, term or tactic is spelled like.
_NEVER_IN_TERMS = frozenset(
    [
        "notation",
        "notation3",
        "infix",
        "infixl",
        "infixr",
        "prefix",
        "postfix",
        "macro",
        "macro_rules",
        "syntax",
        "elab",
        "elab_rules",
        "attribute",
        "initialize",
        "run_cmd",
        "run_meta",
        "run_elab",
        "declare_syntax_cat",
        "unif_hint",
        "simproc",
        "dsimproc",
        "#exit",
        "#eval",
    ]
)
_AMONG_OTHERS = (
    (DECLARATION_KINDS - {"alias"})
    | _NEVER_IN_TERMS
    | {
        "namespace",
        "section",
        "variable",
        "end",
        "private",
        "protected",
        "noncomputable",
        "unsafe",
        "partial",
        "local",
        "scoped",
    }
)
_KEYWORDS = DECLARATION_KINDS | _SCOPING | _OTHER | _MODIFIERS


def _one_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, by their first letters: that is found sooner."""
    by_letter = groupby(sorted(words, key=lambda word: (word[0], -len(word))), key=itemgetter(0))
    tails = ((letter, "|".join(word[1:] for word in several)) for letter, several in by_letter)
    return f"(?:{'|'.join(f'{letter}(?:{tail})' for letter, tail in tails)})(?![\\w'!?.])"


# A line break is sought sooner than the beginning of a line: the first line is looked at apart.
_BEGINS = rf"[ \t]*+(?=@\[|{_one_of(_KEYWORDS)}|#\w)"
_FIRST_START, _START = re.compile(_BEGINS), re.compile(rf"\n{_BEGINS}")
# At the margin, after an empty line and what may end a term: a command that somebody's own syntax makes.
_UNKNOWN = re.compile(r"\n[ \t]*\n(?=[A-Za-z_])(?!(?:where|termination_by|decreasing_by|by|match|then|else)\b)")
_ENDS_TERM = re.compile(r"[\w)\]}⟩'»]")
# In the middle of a line, where only these are sure to be no part of a term.
_AMID = re.compile(rf"[ \t](?={_one_of(_AMONG_OTHERS)})")
_WORD = re.compile(r"\s*([A-Za-z_]+3?|#\w+|@\[)")
_PREFIX_COMMAND = re.compile(r"\s*(?:set_option|open|omit|include|variable)\b[^\n]*?\sin\b(?=[ \t]*\S)")
_SCOPED = re.compile(r"[ \t]*\[")
_BAR = re.compile(r"\|[ \t]*\Z")
_BRACKET = re.compile(r"[()\[\]{}⟨⟩]")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `keyword` at `keyword_at`, its arguments from there to `stop`, and what precedes it.

    `balance` is the number of brackets it opens and does not close.
    """

    keyword: str
    start: int
    keyword_at: int
    stop: int
    modifiers: tuple[str, ...]
    attributes: tuple[str, ...]
    docstring: Docstring | None
    prefix: str
    balance: int


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    keyword: str
    at: int
    modifiers: tuple[str, ...]
    attributes: tuple[str, ...]
    prefix: str


def commands(masked: Masked) -> Iterator[Command]:
    """The commands of a file in order; a command ends where the next one (or its docstring) starts."""
    heads = list(_heads(masked))
    docs = [doc for doc in masked.docstrings if not doc.of_module]
    ends = [doc.end for doc in docs]
    attached = [_docstring_of(masked, head, docs, ends) for head in heads]
    starts = [min(doc.start, head.start) if doc else head.start for head, doc in zip(heads, attached, strict=True)]
    for index, head in enumerate(heads):
        stop = starts[index + 1] if index + 1 < len(heads) else len(masked.code)
        stop = head.at + len(masked.code[head.at : stop].rstrip())
        yield Command(
            head.keyword, starts[index], head.at, stop, head.modifiers, head.attributes, attached[index],
            head.prefix, balance(masked.bare[head.start : stop]),
        )  # fmt: skip


def is_keyword(word: str) -> bool:
    """Whether a word begins a command, or what stands before one."""
    return word in _KEYWORDS


def balance(bare: str) -> int:
    """Brackets opened minus brackets closed in code without strings."""
    return sum(1 if bracket in "([{⟨" else -1 for bracket in _BRACKET.findall(bare))


def _heads(masked: Masked) -> Iterator[_Head]:
    bare = masked.bare
    previous: _Head | None = None
    reached = 0
    for start, first in _starts(bare):
        if start < reached:
            continue
        indented = not first or bare[start - 1 : start] in (" ", "\t")
        head = _head(masked, start)
        if head is None and indented:
            continue
        head = head or _Head(start, UNFINISHED, start, (), (), "")
        if indented and previous and not _may_follow(previous, head, bare, first):
            continue
        previous, reached = head, head.at + 1
        yield head
        if head.keyword == PROSE:
            return


def _starts(bare: str) -> Iterator[tuple[int, bool]]:
    """Where a command may start, and whether that is the first of its line."""
    firsts = {match.end() for match in _START.finditer(bare)}
    firsts |= {match.end() for match in [_FIRST_START.match(bare)] if match}
    firsts |= {match.end() for match in _UNKNOWN.finditer(bare) if _ends_term(bare, match.start())}
    others = {match.end() for match in _AMID.finditer(bare)} - firsts
    return ((start, start in firsts) for start in sorted(firsts | others))


def _ends_term(bare: str, place: int) -> bool:
    """Whether what stands before a place may end a term, spaces and empty lines aside."""
    while place and bare[place - 1].isspace():
        place -= 1
    return bool(place and _ENDS_TERM.match(bare, place - 1))


def _may_follow(previous: _Head, head: _Head, bare: str, first: bool) -> bool:
    """Whether a keyword that does not begin its line at the margin starts a command: no term or tactic contains it."""
    if balance(bare[previous.start : head.start]):
        return False
    if not first and (head.keyword not in _AMONG_OTHERS or _BAR.search(bare, max(head.start - 3, 0), head.start)):
        return False  # a constructor may be called like a keyword: `| def`
    if previous.keyword in ("class", "deriving") and bare[previous.at : head.start].split() == [previous.keyword]:
        return False  # `class inductive`, `deriving instance`
    outside_terms = previous.keyword in _SCOPING or previous.keyword in ("open", "export", "end")
    return outside_terms or head.keyword in DECLARATION_KINDS | _NEVER_IN_TERMS or head.keyword in _SCOPING


def _head(masked: Masked, start: int) -> _Head | None:
    """The head that starts at `start`; None if modifiers, attributes or a prefix are followed by no keyword."""
    bare, position = masked.bare, start
    modifiers: list[str] = []
    attributes: list[str] = []
    prefix = ""
    while word := _WORD.match(bare, position):
        text = word.group(1)
        if text == "@[":
            position = _closing(bare, word.end())
            attributes.append(" ".join(masked.code[word.end() : position - 1].split()))
        elif text in _MODIFIERS:
            modifiers.append(text)
            # `scoped[Namespace] notation …`
            inside = _SCOPED.match(bare, word.end())
            position = _closing(bare, inside.end()) if inside else word.end()
        elif (inner := _PREFIX_COMMAND.match(bare, position)) and not modifiers and not attributes:
            # As it is in the code: the bare text has no names in quotes.
            prefix = f"{prefix} {masked.code[inner.start() : inner.end()].strip()}".strip()
            position = inner.end()
        elif _begins_command(text, modifiers) or (text.startswith("#") and not modifiers and not attributes):
            return _Head(start, text, word.start(1), tuple(modifiers), tuple(attributes), prefix)
        else:
            break
    return None


def _begins_command(word: str, modifiers: list[str]) -> bool:
    """Whether it is a keyword here; a lakefile has `meta if` too."""
    return word in _KEYWORDS or (word == "if" and modifiers == ["meta"])


def _closing(bare: str, position: int) -> int:
    depth = 1
    while depth and (bracket := _BRACKET.search(bare, position)):
        depth += 1 if bracket.group() in "([{⟨" else -1
        position = bracket.end()
    return position


def _docstring_of(masked: Masked, head: _Head, docs: list[Docstring], ends: list[int]) -> Docstring | None:
    """The docstring that stands directly before a head, plain comments aside, or in it: `open A in /-- … -/ def a`."""
    index = bisect_left(ends, head.at + 1) - 1
    if index < 0 or (ends[index] <= head.start and masked.code[ends[index] : head.start].strip()):
        return None
    return docs[index]
