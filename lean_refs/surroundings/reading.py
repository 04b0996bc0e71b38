"""One Lean file to the records of what surrounds its declarations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lean_refs.normal import digest
from lean_refs.reader.commands import DECLARATION_KINDS, UNFINISHED, Command, commands
from lean_refs.reader.mask import Masked, mask
from lean_refs.reader.records import FileReading, LeanDeclaration
from lean_refs.reader.scan import FileScanner
from lean_refs.reader.signature import top_level
from lean_refs.reader.tokens import Token, first_name, name_parts, spelled, tokenize
from lean_refs.surroundings.records import FileSurroundings, Surrounding
from lean_refs.surroundings.weak import RUN, weak_words
from lean_refs.surroundings.words import MEANT, NO_RECORD, is_harmless_option

# Until the section or namespace ends, in which they stand.
_SECTION = frozenset(["open", "variable", "include", "omit", "universe"])
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_COMMAND_WORDS = re.compile(r"(?:«[^»\n]*»|[^\s()«,])+")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)*")


def read_surroundings(file: str, source: str, known: FileReading | None = None) -> tuple[FileReading, FileSurroundings]:
    """A file's declarations, `known` if these have been read, and what surrounds them; never raises on any text."""
    scanner = FileScanner(file, source)
    reading = known or scanner.reading()
    return reading, _Walker(reading, scanner.masked).surroundings()


def code_digest(masked: Masked) -> str:
    """The hash of a file's code: comments, empty lines and spaces at the end of a line aside."""
    return digest(_BLANK_LINES.sub("\n", masked.code).strip())


def digest_of(source: str) -> str:
    """The same of a source text."""
    return code_digest(mask(source))


@dataclass(slots=True)
class _Frame:
    namespace: tuple[str, ...]
    since: int


class _Walker:
    """Walks the commands of a file, following namespaces and sections."""

    def __init__(self, reading: FileReading, masked: Masked) -> None:
        self._reading, self._masked = reading, masked
        self._lines = [found.end() for found in re.finditer("\n", masked.source)]
        self._declarations = [d for d in reading.declarations if d.kind != "example"]
        self._examples = [d for d in reading.declarations if d.kind == "example"]
        self._at = {d.start: d for d in reversed(self._declarations)}
        self._place = {(d.start, d.name): index for index, d in enumerate(self._declarations)}
        self._count = 0
        self._namespace: tuple[str, ...] = ()
        self._frames: list[_Frame] = []
        self._records: list[Surrounding] = []

    def surroundings(self) -> FileSurroundings:
        for command in commands(self._masked):
            self._read(command)
        self._records += self._weak()
        declared = tuple(d.name for d in self._declarations)
        records = tuple(sorted(self._records, key=lambda record: record.line))
        return FileSurroundings(self._reading.file, code_digest(self._masked), self._reading.imports, declared, records)

    def _line(self, offset: int) -> int:
        return bisect_right(self._lines, offset) + 1

    def _read(self, command: Command) -> None:
        self._prefixes(command)
        keyword = command.keyword
        text = self._masked.code[command.keyword_at + len(keyword) : command.stop]
        if keyword in ("namespace", "section", "mutual"):
            self._enter(keyword, text)
        elif keyword == "end":
            self._leave(len(name_parts(first_name(text))) or 1)
        elif keyword in DECLARATION_KINDS:
            found = self._at.get(command.start)
            while self._count < len(self._declarations) and self._declarations[self._count].start <= command.start:
                self._count += 1
            if found is not None:
                self._declared(command, found)
            elif keyword not in NO_RECORD:
                # What the reader did not understand, and says so.
                self._add(command, keyword, outward=True)
        elif keyword == UNFINISHED:
            # A command that somebody's own syntax makes: what it does is not known.
            name = first_name(text)
            self._put("unknown command", (name,), "", self._line(command.keyword_at), text, outward=True)
        elif keyword == "#guard_msgs":
            self._unheard(command)
        elif keyword not in NO_RECORD:
            self._command(command, text)

    def _unheard(self, command: Command) -> None:
        """`#guard_msgs in` before a declaration: that its proof fails is no error then."""
        following = self._declarations[self._count : self._count + 1]
        for declaration in following:
            between = self._masked.code[command.stop : declaration.start]
            if not between.strip():
                word, line = command.keyword, self._line(command.keyword_at)
                self._put("unproved", (declaration.name,), word, line, word, last=self._count + 1)

    def _enter(self, keyword: str, text: str) -> None:
        for part in name_parts(first_name(text)) or ([""] if keyword != "namespace" else []):
            self._frames.append(_Frame(self._namespace, len(self._records)))
            if keyword == "namespace":
                self._namespace = (*self._namespace, part)

    def _leave(self, count: int) -> None:
        for _ in range(min(count, len(self._frames))):
            frame = self._frames.pop()
            self._namespace = frame.namespace
            for at in range(frame.since, len(self._records)):
                if self._records[at].last is None and not self._records[at].outward:
                    self._records[at] = replace(self._records[at], last=self._count)

    def _prefixes(self, command: Command) -> None:
        for part in re.split(r"\bin\b", command.prefix):
            keyword, _, text = part.strip().partition(" ")
            if keyword:
                self._stated(keyword, text, self._line(command.start), next_only=True)

    def _command(self, command: Command, text: str) -> None:
        keyword, line = command.keyword, self._line(command.keyword_at)
        next_only = bool(re.search(r"\sin$", text))
        if keyword in _SECTION or keyword == "set_option":
            self._stated(keyword, text.removesuffix("in") if next_only else text, line, next_only=next_only)
        elif keyword == "import":
            words = text.split()
            how = " ".join(m for m in (*command.modifiers, *words) if m in ("meta", "all"))
            if any(record.kind == "module" for record in self._records) and "public" not in command.modifiers:
                how = f"private {how}".strip()
            for module in words:
                if module != "all":
                    self._put("import", (module,), how, line, module, first=0, outward=True)
        elif keyword == "attribute":
            self._attributes(command, text.removesuffix("in") if next_only else text, line, next_only=next_only)
        elif keyword == "deriving":
            classes, _, targets = text.replace("instance", " ", 1).partition(" for ")
            names = (*_COMMAND_WORDS.findall(targets), *_COMMAND_WORDS.findall(classes))
            self._put("deriving", names, "", line, text, outward=True)
        elif keyword == "export":
            self._put("export", tuple(_COMMAND_WORDS.findall(text)), "", line, text, outward=True)
        else:
            self._add(command, keyword, outward="local" not in command.modifiers)

    def _stated(self, keyword: str, text: str, line: int, *, next_only: bool) -> None:
        last = self._count + 1 if next_only else None
        names, word, kind = tuple(_COMMAND_WORDS.findall(text)), "", keyword
        if keyword == "set_option":
            names, word, kind = names[:1] or ("",), " ".join(names[1:]), "option"
        elif keyword == "variable":
            names = tuple(dict.fromkeys(_bound(text)))
        elif keyword == "open" and "(" in text:
            # `open A (x y)`: the bracket tells that the names are not namespaces.
            names = (*names[:1], "(", *names[1:])
        self._put(kind, names, word, line, text, last=last)

    def _attributes(self, command: Command, text: str, line: int, *, next_only: bool) -> None:
        """`attribute [local simp, instance] a b`: one record an attribute."""
        said, _, targets = text.partition("]")
        names = tuple(targets.split())
        for word in _split(said.strip().removeprefix("[")):
            local = word.startswith("local ") or next_only
            last = self._count + 1 if next_only else None
            self._put("attribute", names, word, line, f"{word} {targets}", last=last, outward=not local)

    def _declared(self, command: Command, declaration: LeanDeclaration) -> None:
        line, own = declaration.line, self._place[declaration.start, declaration.name]
        words = self._masked.code[command.keyword_at : command.stop]
        name = (declaration.name,)
        local = next((m for m in command.modifiers if m in ("local", "scoped")), "")
        if declaration.kind == "instance":
            self._instance(command, declaration, local, own)
        if declaration.kind == "abbrev":
            # As `@[reducible] def`: what it unfolds to decides which instances are found.
            self._put("attribute", name, "reducible", line, "reducible", first=own, outward=True)
        if declaration.kind in ("axiom", "opaque"):
            self._put(declaration.kind, name, "", line, words, first=own, outward=True)
        for modifier in command.modifiers:
            if modifier in MEANT:
                self._put("modifier", name, modifier, line, modifier, first=own, outward=True)
        for attributes in command.attributes:
            for word in _split(attributes):
                self._put("attribute", name, word, line, word, first=own, outward=not word.startswith("local "))
        if (found := re.search(r"\bderiving\s+(?!instance\b)([\w.,\s]+)\Z", words)) is not None:
            names = (declaration.name, *_COMMAND_WORDS.findall(found.group(1)))
            self._put("deriving", names, "", line, found.group(1), first=own, outward=True)

    def _instance(self, command: Command, declaration: LeanDeclaration, local: str, own: int) -> None:
        """What an instance is of, and each of its fields: a field is a record, because few names need it."""
        name, outward = _class(declaration), local != "local"
        body = declaration.body.rstrip()
        words = self._masked.code[command.keyword_at : command.stop].rstrip()
        head = words.removesuffix(body.lstrip()) if body.strip() else words
        self._put("instance", (name,), local, declaration.line, head, first=own, outward=outward)
        for field, told in _fields(declaration):
            self._put("field", (field, name), "", declaration.line, told, first=own, outward=outward)

    def _weak(self) -> Iterator[Surrounding]:
        starts = [d.start for d in self._declarations]
        for offset, word, option in weak_words(self._masked.bare, self._masked.code):
            if word not in RUN and any(d.start <= offset < d.stop for d in self._examples):
                continue  # Nobody can name an example.
            at = bisect_right(starts, offset) - 1
            inside = at >= 0 and offset < self._declarations[at].stop
            line = self._line(offset)
            if word == "set_option":
                if inside and not is_harmless_option(option) and not self._is_prefix(at, offset):
                    yield Surrounding("option", (option,), "", self._reading.file, line, digest(option), at, at + 1)
            elif inside and not _is_meant(word, self._masked.bare[self._declarations[at].start : offset]):
                pass
            elif inside:
                name = (self._declarations[at].name,)
                yield Surrounding("unproved", name, word, self._reading.file, line, digest(word), at, at + 1)
            else:
                yield Surrounding("unproved", (), word, self._reading.file, line, digest(word), at + 1, None, True)

    def _is_prefix(self, at: int, offset: int) -> bool:
        """Whether a `set_option` stands before the keyword of a declaration, where it is a record of its own."""
        return self._line(offset) < self._declarations[at].line

    def _add(self, command: Command, kind: str, *, outward: bool) -> None:
        words = self._masked.code[command.keyword_at : command.stop]
        word = " ".join(m for m in command.modifiers if m in ("local", "scoped", "meta", "unsafe"))
        names = tuple(symbol.strip() for symbol in _LITERAL.findall(words)[:3])
        kind = "exit" if kind == "#exit" else kind
        self._put(kind, names, word, self._line(command.keyword_at), words, outward=outward)
        named = tuple(dict.fromkeys(token.text for token in tokenize(words) if token.kind == "name"))
        self._records[-1] = replace(self._records[-1], words=named)

    def _put(
        self, kind: str, names: tuple[str, ...], word: str, line: int, words: str,
        *, first: int | None = None, last: int | None = None, outward: bool = False,
    ) -> None:  # fmt: skip
        told = f"{'.'.join(self._namespace)} {spelled(list(tokenize(words)))}"
        place = self._count if first is None else first
        self._records.append(
            Surrounding(kind, names, word, self._reading.file, line, digest(told), place, last, outward)
        )


def _is_meant(word: str, before: str) -> bool:
    """Whether a word of a declaration means what it does in proofs: no modifier, and no name of an argument."""
    if word == "unsafe":
        return ":=" in before
    return word not in ("admit", "stop") or re.search(r"\b(?:decreasing_)?by\b", before) is not None


def _class(declaration: LeanDeclaration) -> str:
    """What an instance is of: the class and what it is about, where that is a word or two."""
    words = [token.text for token in declaration.result]
    return " ".join(words if len(words) <= 3 else [*words[:1], "…"])


def _fields(declaration: LeanDeclaration) -> list[tuple[str, str]]:
    """The fields that an instance gives, each as a function: `f x := e` and `f := fun x => e` are one thing."""
    tokens = list(tokenize(declaration.body))
    if declaration.body_style != "where":
        return [("", spelled(tokens))] if tokens else []
    margin = min((token.column for token in tokens if token.first), default=0)
    margin = max(margin, tokens[0].column) if tokens and not any(token.first for token in tokens) else margin
    entries: list[list[Token]] = []
    for token in tokens:
        if not entries or (token.first and token.column <= margin):
            entries.append([])
        entries[-1].append(token)
    return [(entry[0].text, _as_function(entry[1:])) for entry in entries]


def _as_function(tokens: list[Token]) -> str:
    cut = top_level(tokens, ":=")
    given, value = tokens[:cut], tokens[cut + 1 :]
    if not given and value and value[0].text in ("fun", "λ") and (arrow := top_level(value, "=>")) < len(value):
        given, value = value[1:arrow], value[arrow + 1 :]
    # `fun x => f x` is f.
    while given and _is_applied_to(value, given[-1].text):
        given, value = given[:-1], value[:-1]
    return f"{spelled(given)} => {spelled(value)}"


def _is_applied_to(value: list[Token], name: str) -> bool:
    """Whether a value is some name applied to names, to this one last and nowhere else."""
    words = [token.text for token in value]
    return len(words) > 1 and words[-1] == name not in words[:-1] and all(token.kind == "name" for token in value)


def _split(attributes: str) -> list[str]:
    """The attributes of one list, cut at the commas outside brackets."""
    depth, parts = 0, [""]
    for letter in attributes:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [" ".join(part.split()) for part in parts if part.strip()]


def _bound(text: str) -> Iterator[str]:
    """The names that a `variable` command binds; an instance without one by its class in brackets."""
    for group in re.finditer(r"([(\[{⦃])([^:\[\]]*?)(?=:|\]|\}|\)|⦄)", text):
        words = group.group(2).split()
        yield from [f"[{words[0]}]"] if group.group(1) == "[" and words and text[group.end()] == "]" else words
