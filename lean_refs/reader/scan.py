"""One Lean file to its declarations, following namespaces, sections, variables and opened namespaces."""

from __future__ import annotations

import codecs
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lean_refs.reader.commands import (
    DECLARATION_KINDS,
    PROSE,
    UNFINISHED,
    Command,
    balance,
    commands,
    is_keyword,
)
from lean_refs.reader.mask import Masked, mask
from lean_refs.reader.records import (
    Binder,
    DocComment,
    FileReading,
    InstanceAttribute,
    LeanDeclaration,
    Member,
    NameScope,
    Unread,
)
from lean_refs.reader.signature import (
    Signature,
    UnreadableError,
    closing,
    read_binders,
    read_constructors,
    read_fields,
    read_signature,
    top_level,
)
from lean_refs.reader.tokens import NAME, Token, first_name, name_parts, spelled, tokenize, unquoted
from lean_refs.reader.variables import Variables, used_variables

_MARK = codecs.BOM_UTF8.decode()
_SPACE = re.compile(r"\s*")
# Enough to see what a docstring is about: attributes, modifiers and a name.
_AHEAD = 200
_START_OF_CODE = re.compile(r"\s*\S")
_ASSIGNED = re.compile(":=")
_MAY_BE_PROVED = frozenset(("theorem", "lemma", "def", "abbrev", "instance", "example", "irreducible_def"))
_STYLES = frozenset((":=", "|", "where", "deriving", "extends"))
_INDUCTIVE = frozenset(("inductive", "coinductive"))
_ANONYMOUS = frozenset(("instance", "example"))
_RENAMED = re.compile(rf"({NAME})\s*(?:→|->)\s*({NAME})")
_WORD = re.compile(r"(?:«[^»\n]*»|[^\s()«])+|[()]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAKES_SYNTAX = frozenset(("macro", "syntax", "elab", "binder_predicate", "notation", "notation3", "prefix", "postfix"))
_MAKES_SYNTAX |= {"infix", "infixl", "infixr"}
_PAIR = re.compile(rf"\s*⟨\s*({NAME})\s*,\s*({NAME})\s*⟩")
_PREFIX_NAME = re.compile(r"^_root_\.")


@dataclass(slots=True)
class _Frame:
    """One open `namespace`, `section` or `mutual`, and what it restores at its end."""

    kind: str
    name: str
    scope: NameScope
    variables: Variables


@dataclass(slots=True)
class _State:
    scope: NameScope = field(default_factory=NameScope)
    variables: Variables = field(default_factory=Variables)
    frames: list[_Frame] = field(default_factory=list)


class FileScanner:
    """Reads one file; `reading` gives the result and never raises on any text."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        # A byte order mark is no code; a space keeps all places.
        self.masked: Masked = mask(f" {source[1:]}" if source.startswith(_MARK) else source)
        self._lines = [match.end() for match in re.finditer("\n", source)]
        self._state = _State()
        self._once: _State | None = None
        self._imports: list[str] = []
        self._namespaces: set[str] = set()
        self._declarations: list[LeanDeclaration] = []
        self._unread: list[Unread] = []
        self._exports: list[tuple[str, str]] = []
        self._instances: list[InstanceAttribute] = []
        self._words: set[str] = set()

    def reading(self) -> FileReading:
        """Everything read from the file, and everything that was not."""
        for offset, why in self.masked.faults:
            self._report(offset, why)
        before = _START_OF_CODE.match(self.masked.code)
        found = list(commands(self.masked))
        if before and (not found or before.end() - 1 < found[0].start):
            self._report(before.end() - 1, "no command starts here")
        for command in found:
            if command.keyword == PROSE:
                self._report(command.keyword_at, "the rest of the file is a Verso document, which is not read")
            elif command.keyword == UNFINISHED:
                self._report(command.keyword_at, _unfinished(self.masked.code[command.keyword_at : command.stop]))
            elif command.balance:
                self._report(command.keyword_at, f"brackets of this {command.keyword} do not balance")
            self._read(command)
        # Lean closes namespaces and sections at the end of a file itself, but not a mutual block.
        if any(frame.kind == "mutual" for frame in self._state.frames):
            self._report(len(self.masked.code), "a mutual block is never ended")
        return FileReading(
            self.file,
            tuple(self._imports),
            tuple(self._declarations),
            frozenset(self._namespaces),
            tuple(self._unread),
            tuple(self._exports),
            tuple(self._instances),
            tuple(self._documentation()),
            frozenset(self._words),
        )

    def _documentation(self) -> Iterator[DocComment]:
        for doc in self.masked.docstrings:
            ahead = _SPACE.match(self.masked.code, doc.end)
            begin = ahead.end() if ahead else doc.end
            code = self.masked.code[begin : begin + _AHEAD]
            yield DocComment(doc.text, doc.start, self.line_of(doc.start), doc.of_module, code)

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds `offset`."""
        return bisect_right(self._lines, offset) + 1

    def _report(self, offset: int, why: str) -> None:
        self._unread.append(Unread(self.file, self.line_of(offset), why))

    def _read(self, command: Command) -> None:
        text = self.masked.code[command.keyword_at + len(command.keyword) : command.stop]
        if command.prefix:
            self._prefixes(command)
        if command.keyword == "attribute":
            self._attributes(command, text)
        if command.keyword in _MAKES_SYNTAX:
            self._words.update(_words(text))
        # Ended by `in`, a command holds for the next one only.
        for_next = command.keyword in _MAY_PREFIX and text.endswith((" in", "\nin"))
        state = self._once or (replace(self._state) if for_next else self._state)
        try:
            if command.keyword in DECLARATION_KINDS:
                self._declare(command, state)
            elif handler := getattr(self, f"_on_{command.keyword}", None):
                handler(text.removesuffix("in") if for_next else text, state if for_next else self._state)
        except UnreadableError as problem:
            self._report(command.keyword_at, f"{command.keyword}: {problem}")
        self._once = state if for_next else None

    def _prefixes(self, command: Command) -> None:
        for part in re.split(r"\bin\b", command.prefix):
            keyword, _, text = part.strip().partition(" ")
            if handler := getattr(self, f"_on_{keyword}", None):
                self._once = self._once or replace(self._state)
                try:
                    handler(text, self._once)
                except UnreadableError as problem:
                    self._report(command.start, f"{keyword}: {problem}")

    def _on_import(self, text: str, _: _State) -> None:
        self._imports += [word for word in text.split() if word != "all"]

    def _on_namespace(self, text: str, state: _State) -> None:
        for part in name_parts(unquoted(first_name(text))):
            self._push("namespace", part)
            state.scope = replace(state.scope, namespace=(*state.scope.namespace, part))
        self._namespaces.add(".".join(state.scope.namespace))

    def _on_section(self, text: str, _: _State) -> None:
        for part in name_parts(unquoted(first_name(text))) or [""]:
            self._push("section", part)

    def _on_mutual(self, _text: str, _: _State) -> None:
        self._push("mutual", "")

    def _push(self, kind: str, name: str) -> None:
        state = self._state
        state.frames.append(_Frame(kind, name, state.scope, state.variables))

    def _on_end(self, text: str, state: _State) -> None:
        for part in reversed(name_parts(unquoted(first_name(text))) or [""]):
            if not state.frames:
                raise UnreadableError(f"nothing is open here that 'end {part}' could end")
            frame = state.frames.pop()
            state.scope, state.variables = frame.scope, frame.variables
            if frame.name != part:
                raise UnreadableError(f"'end {part}' ends {frame.kind} {frame.name!r}, 'end {frame.name}' is expected")

    def _on_open(self, text: str, state: _State) -> None:
        opened, aliases = _opened(text)
        scope, first = state.scope, len(state.scope.opened)
        hides = _hidden(text)
        hidden = ((first + k, hides) for k in range(len(opened)) if hides != ())
        state.scope = replace(
            scope,
            opened=(*scope.opened, *opened),
            aliases=(*scope.aliases, *aliases),
            hidden=(*scope.hidden, *hidden),
        )

    def _on_export(self, text: str, state: _State) -> None:
        """`export A (x y)` makes x and y names of the namespace that it stands in."""
        for short, name in _opened(text)[1]:
            self._exports.append((".".join((*state.scope.namespace, short)), name))

    def _attributes(self, command: Command, text: str) -> None:
        """`attribute [local instance 100, simp] a b` makes instances of a and b, `[-instance]` makes them none."""
        said, _, names = text.partition("]")
        words = {word for word in re.split(r"[\s,\[]+", said) if word.endswith("instance")}
        line, scope = self.line_of(command.keyword_at), self._state.scope
        for word in words:
            self._instances += [InstanceAttribute(n, line, scope, word[0] == "-") for n in names.split() if n != "in"]

    def _on_variable(self, text: str, state: _State) -> None:
        state.variables = state.variables.extended(_binders(text))

    def _on_include(self, text: str, state: _State) -> None:
        state.variables = state.variables.including(_WORD.findall(text))

    def _on_omit(self, text: str, state: _State) -> None:
        state.variables = state.variables.omitting(_binders(text))

    def _declare(self, command: Command, state: _State) -> None:
        begin = command.keyword_at + len(command.keyword)
        kind = command.keyword
        if kind == "alias" and (pair := _PAIR.match(self.masked.code, begin, command.stop)):
            self._alias_both(command, state, pair)
            return
        stop = self._body_start(begin, command.stop) if kind in _MAY_BE_PROVED else command.stop
        if state.variables.binders and not _is_proof(kind):
            stop = command.stop
        form, tokens, signature = self._head(kind, begin, stop)
        if signature.rest == len(tokens) and stop < command.stop:
            # The first `:=` was that of a `let` in the statement.
            form, tokens, signature = self._head(kind, begin, command.stop)
        rest = tokens[signature.rest :]
        style = rest[0].text if rest else ""
        if style not in _STYLES and (style or kind in _MAY_BE_PROVED):
            missing = "':=', '|' or 'where' is expected after the type"
            missing = missing if signature.result else f"a type, {missing.replace('type', 'binders')}"
            raise UnreadableError(f"{missing}, not {style or 'the end'!r}")
        self._declarations.append(self._declaration(command, state, signature, rest, _members(form, rest)))

    def _alias_both(self, command: Command, state: _State, pair: re.Match[str]) -> None:
        """`alias ⟨a, b⟩ := t` names both directions of an equivalence, or one of them."""
        rest = list(tokenize(self.masked.code, pair.end(), command.stop))
        for name, direction in zip(pair.groups(), ("mp", "mpr"), strict=True):
            if name != "_":
                made = self._declaration(command, state, Signature(name, (), (), 0), rest, ())
                self._declarations.append(replace(made, body=f"{made.body}.{direction}"))

    def _head(self, kind: str, begin: int, stop: int) -> tuple[str, list[Token], Signature]:
        """What is declared (a `class inductive` is an inductive type), the tokens after that, and their head."""
        tokens = list(tokenize(self.masked.code, begin, stop))
        form = kind
        if kind == "class" and tokens and tokens[0].text in ("inductive", "abbrev"):
            form, *tokens = tokens[0].text, *tokens[1:]
        if kind == "instance" and [token.text for token in tokens[:2]] == ["(", "priority"]:
            tokens = tokens[closing(tokens, 0) + 1 :]
        return form, tokens, read_signature(tokens, kind not in _ANONYMOUS, form in _INDUCTIVE)

    def _body_start(self, begin: int, stop: int) -> int:
        """Just after the first `:=` outside brackets: what comes then is not needed to read the head."""
        at, open_ = begin, 0
        for match in _ASSIGNED.finditer(self.masked.bare, begin, stop):
            open_ += balance(self.masked.bare[at : match.start()])
            at = match.start()
            if open_ == 0:
                return match.start() + 2
        return stop

    def _declaration(
        self, command: Command, state: _State, signature: Signature, rest: list[Token], members: tuple[Member, ...]
    ) -> LeanDeclaration:
        style = rest[0].text if rest else ""
        supplied = used_variables(state.variables, signature, rest if not _is_proof(command.keyword) else [])
        return LeanDeclaration(
            name=_full_name(command, state.scope, signature),
            kind=command.keyword,
            file=self.file,
            line=self.line_of(command.keyword_at),
            end_line=self.line_of(max(command.keyword_at, command.stop - 1)),
            start=command.start,
            stop=command.stop,
            modifiers=command.modifiers,
            attributes=command.attributes,
            docstring=command.docstring.text if command.docstring else None,
            binders=(*supplied, *signature.binders),
            result=signature.result,
            body_style=style,
            body=self._body(rest, style, command.stop),
            members=members,
            scope=state.scope,
            docstring_line=self.line_of(command.docstring.start) if command.docstring else 0,
            universes=signature.universes,
        )

    def _body(self, rest: list[Token], style: str, stop: int) -> str:
        if not rest:
            return ""
        start = rest[0].end if style in (":=", "where") else rest[0].start
        line_start = self.masked.code.rfind("\n", 0, start) + 1
        return " " * (start - line_start) + self.masked.code[start:stop]


def _binders(text: str) -> list[Binder]:
    tokens = list(tokenize(text))
    binders, end = read_binders(tokens)
    if end < len(tokens):
        raise UnreadableError(f"binders are expected, not {tokens[end].text!r}")
    return binders


_MAY_PREFIX = frozenset(("open", "variable", "include", "omit", "set_option"))


def _is_proof(kind: str) -> bool:
    return kind in ("theorem", "lemma")


def _members(form: str, rest: list[Token]) -> tuple[Member, ...]:
    if form in ("structure", "class"):
        found = read_fields(rest[min(top_level(rest, "where"), top_level(rest, ":=")) + 1 :])
    else:
        found = read_constructors(rest) if form in _INDUCTIVE else ()
    return tuple(replace(member, name=unquoted(member.name)) for member in found)


def _full_name(command: Command, scope: NameScope, signature: Signature) -> str:
    name = signature.name and unquoted(signature.name)
    if name is None:
        # Lean makes a name up; ours says where it stands and stays the same when the lines move.
        text = spelled([*(t for b in signature.binders for t in b.type), *signature.result])
        name = f"{command.keyword}#{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    if name.startswith("_root_."):
        return _PREFIX_NAME.sub("", name)
    return ".".join((*scope.namespace, name))


def _words(text: str) -> Iterator[str]:
    """What the strings of a command that makes syntax spell; of `"E["` the name too."""
    for said in _QUOTED.findall(text):
        for word in said.split():
            yield from filter(None, (word, first_name(word)))


def _unfinished(text: str) -> str:
    """Why what begins here is no command."""
    word = first_name(text)
    if text.startswith("@[") or is_keyword(word):
        return "a declaration is expected after what modifies one"
    return f"{word!r} begins no command that is known"


def _opened(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The namespaces that an `open` command opens whole, and the single names it makes visible."""
    words = [unquoted(word) for word in _WORD.findall(text) if word != "scoped"]
    if not words or words[0] == "(":
        raise UnreadableError(f"a namespace is expected, not {words[0] if words else 'the end'!r}")
    if words[1:2] == ["("]:
        if words[-1] != ")":
            raise UnreadableError(f"')' is expected after the names, not {words[-1]!r}")
        return [], [(name, f"{words[0]}.{name}") for name in words[2:-1]]
    ends = [words.index(word) for word in ("renaming", "hiding") if word in words]
    return words[: min(ends, default=len(words))], [(new, f"{words[0]}.{old}") for old, new in _RENAMED.findall(text)]


def _hidden(text: str) -> tuple[str, ...] | None:
    """The names that an `open` command leaves hidden; None for all, where it is `open scoped`."""
    words = [unquoted(word) for word in _WORD.findall(text)]
    if words[:1] == ["scoped"]:
        return None
    return tuple(words[words.index("hiding") + 1 :]) if "hiding" in words else ()


def read_text(file: str, source: str) -> FileReading:
    """Read one Lean source text; `file` is only its name in the records."""
    return FileScanner(file, source).reading()
