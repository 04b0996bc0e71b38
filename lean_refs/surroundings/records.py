"""What is kept of the commands around declarations: kind, names, hash, place, and how far each reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

from lean_refs.surroundings.words import DERIVED_ALIKE, HARMLESS_ATTRIBUTES, SEARCHING, is_harmless_option


@dataclass(frozen=True, slots=True)
class Surrounding:
    """One command, attribute, modifier or word of a file that can change what declarations say or whether they hold.

    `word` is what its kind says further (the attribute, the value of an option, `local`), `digest` the hash of its
    words in its namespace. It reaches the declarations `first` to `last` of its file (`last` None: to its end) and,
    where it goes `outward`, the files that import this one.
    """

    kind: str
    names: tuple[str, ...]
    word: str
    file: str
    line: int
    digest: str
    first: int
    last: int | None = None
    outward: bool = False
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> tuple[str, tuple[str, ...], str, str]:
        """What makes two records the same one, wherever they stand."""
        return self.kind, self.names, self.word, self.digest

    @property
    def title(self) -> str:
        """What it is, in words: `instance MathFunctions ℝ`, `open Real`, `option debug.skipKernelTC true`."""
        said = " ".join(self.names)
        if self.kind in ("attribute", "modifier", "unproved"):
            return f"{self.word} of {said}" if said else self.word
        if self.kind == "field":
            return f"{self.names[0] or 'the body'} of instance {self.names[1]}"
        if self.kind == "member":
            return f"{self.names[0]} of {self.names[1]}"
        if self.kind == "option":
            return f"option {said} {self.word}"
        return " ".join(part for part in (self.word, self.kind, said) if part)

    @property
    def harmless(self) -> str:
        """Why it changes no statement and no proof by what it is alone; empty where it can."""
        if self.kind == "module":
            return "how files are compiled"
        if self.kind in SEARCHING:
            return "which proofs are found; what is found is proved"
        if self.kind == "universe":
            return "a name of a universe, which the statements show"
        if self.kind == "option" and is_harmless_option(self.names[0]):
            return "a limit, a linter or how something is shown"
        if self.kind == "attribute" and self.attribute in HARMLESS_ATTRIBUTES:
            return "for the compiler, a linter or the documentation"
        if self.kind == "deriving" and set(self.names[1:]) <= DERIVED_ALIKE:
            return "all instances of it are alike, or no statement uses them"
        return ""

    @property
    def attribute(self) -> str:
        """The bare name of an attribute, without `local`, `←`, arguments or priority."""
        words = [word for word in self.word.split() if word not in ("local", "scoped")]
        return words[0].lstrip("-←↓") if words else ""


@dataclass(frozen=True, slots=True)
class FileSurroundings:
    """One file: the hash of its code, the modules it imports, what it declares in order, and its records."""

    file: str
    code: str
    imports: tuple[str, ...]
    declared: tuple[str, ...]
    records: tuple[Surrounding, ...]

    def covered(self, record: Surrounding) -> tuple[str, ...]:
        """The declarations of this file that the record reaches."""
        return self.declared[record.first : record.last]
