"""What is not evaluated, and why."""

from __future__ import annotations


class NotEvaluatedError(Exception):
    """A text that the evaluator does not run: nothing was guessed in its place.

    `name`, `file` and `line` say which declaration led outside (empty and 0 until the evaluator knows it), `reason`
    what in it.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = ""
        self.file = ""
        self.line = line

    def located(self, name: str, file: str, line: int) -> NotEvaluatedError:
        """The same refusal, in the declaration that it comes from; the innermost one is kept."""
        if not self.name:
            self.name, self.file, self.line = name, file, self.line or line
        return self

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{self.name + ': ' if self.name else ''}not evaluated: {self.reason}"


class UnknownError(NotEvaluatedError):
    """What is looked at depends on an implicit argument that nothing has determined yet."""


class ContractError(NotEvaluatedError):
    """A value that is not of the type that the text declares for it, or that is no value of what is done with it."""


class CornerError(NotEvaluatedError):
    """A total function is differentiated where it has no derivative: √ at 0, 1/x at 0, max where both are equal."""
