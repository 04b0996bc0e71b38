"""`by` blocks that build data: each tactic is read as the term that it makes."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.alternatives import Step, split_alternatives, steps_of
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.induction import induction
from lean_refs.evaluator.parser import TermReader
from lean_refs.evaluator.syntax import (
    Alternative,
    Application,
    Ascription,
    Binding,
    BoundName,
    DotName,
    Expression,
    FieldList,
    GivenArgument,
    Hole,
    Items,
    Local,
    Match,
    Projection,
    TacticBlock,
    Var,
)
from lean_refs.evaluator.values import LeanValue
from lean_refs.evaluator.vocabulary.notation import TACTICS
from lean_refs.reader.signature import UnreadableError, top_level
from lean_refs.reader.tokens import Token

# These change neither the goal's data nor what it is made of.
_IDLE = frozenset(("classical", "subst", "change"))
# These close the goal.
_LAST = frozenset(("exact", "simpa", "induction", "cases", "·"))


@form(TacticBlock)
def _tactics(compiler: Compiler, term: TacticBlock, scope: LocalScope) -> Code:
    try:
        return _block(compiler, term.tokens, scope)
    except UnreadableError as problem:
        raise NotEvaluatedError(str(problem)) from None


def _block(compiler: Compiler, tokens: Sequence[Token], scope: LocalScope) -> Code:
    steps = steps_of(tokens)
    if not steps:
        raise NotEvaluatedError("a block without tactics")
    step, rest = steps[0], tuple(tokens[len(steps[0]) :])
    rest = rest[1:] if rest and rest[0].text == ";" else rest
    word = step[0].text
    if word not in TACTICS:
        raise NotEvaluatedError(f"the tactic {word}")
    if rest and word in _LAST:
        raise NotEvaluatedError(f"the tactic {rest[0].text} after {word}")
    if word in _IDLE:
        return _block(compiler, rest, scope)
    if word == "simpa":
        return _simplified(compiler, step, scope)
    if word == "induction":
        return induction(compiler, step, scope)
    return compiler.compile(_term(word, step, rest), scope)


def _term(word: str, step: Step, rest: Step) -> Expression:
    """The term that a tactic and those after it make."""
    match word:
        case "let" | "have" | "letI" | "haveI":
            return TermReader(step).local(TacticBlock(rest))
        case "exact":
            return TermReader(step[1:]).whole()
        case "refine":
            return _refined(TermReader(step[1:]).whole(), rest)
        case "rcases" | "obtain":
            return _taken_apart(word, step, rest)
        case "intro":
            return _introduced(step, rest)
        case "cases":
            return _cases(step)
        case "·":
            return TacticBlock(step[1:])
    assert word == "show", "a tactic of the vocabulary"
    return Ascription(TacticBlock(rest), TermReader(step[1:]).whole())


def _simplified(compiler: Compiler, step: Step, scope: LocalScope) -> Code:
    """`simpa … using e` is e, at another type."""
    using = top_level(list(step), "using")
    if using == len(step):
        raise NotEvaluatedError("the tactic simpa without 'using'")
    code = compiler.compile(TermReader(step[using + 1 :]).whole(), scope)

    def run(environment: Environment, expected: LeanValue) -> Typed:
        value, type_ = code(environment, None)
        return value, type_ if expected is None else expected

    return run


def _introduced(step: Step, rest: Step) -> Expression:
    if not all(token.kind == "name" for token in step):
        raise NotEvaluatedError("the tactic intro with a pattern")
    return Binding("fun", tuple(BoundName(token.text, "", None) for token in step[1:]), TacticBlock(rest))


def _taken_apart(word: str, step: Step, rest: Step) -> Expression:
    """`rcases e with p`, `obtain p := e`."""
    mark = top_level(list(step), "with" if word == "rcases" else ":=")
    if mark == len(step):
        raise NotEvaluatedError(f"the tactic {word} without a pattern")
    before, after = TermReader(step[1:mark]).whole(), TermReader(step[mark + 1 :]).whole()
    value, pattern = (before, after) if word == "rcases" else (after, before)
    return Local("let", "", pattern, None, value, TacticBlock(rest))


def _cases(step: Step) -> Expression:
    """`cases x with | a => …` is a match with the constructors of the type of x."""
    subject, alternatives = split_alternatives(step)
    rows = [Alternative((constructor_pattern(head),), TacticBlock(body)) for head, body in alternatives]
    return Match((TermReader(subject).whole(),), tuple(rows))


def constructor_pattern(head: Step) -> Expression:
    """The pattern of an alternative: a constructor's name without its namespace, and names."""
    term = TermReader(head).whole()
    name = term.function if isinstance(term, Application) else term
    if not isinstance(name, Var):
        raise NotEvaluatedError("an alternative that is no constructor")
    dotted = DotName(name.name, name.at, name.explicit)
    return Application(dotted, term.arguments) if isinstance(term, Application) else dotted


def _refined(term: Expression, rest: Step) -> Expression:
    """The term of `refine` with what the tactics after it give for each `?_`."""
    steps = steps_of(rest)
    bullets = [step[1:] for step in steps if step[0].text == "·"]
    goals = [TacticBlock(step) for step in bullets] if len(bullets) == len(steps) else [TacticBlock(rest)]
    return _filled(term, goals)


def _filled(term: Expression, goals: list[TacticBlock]) -> Expression:
    match term:
        case Hole(True):
            if not goals:
                raise NotEvaluatedError("refine with a goal that no tactic closes")
            return goals.pop(0)
        case Application(function, arguments):
            filled = tuple(GivenArgument(a.name, _filled(a.value, goals)) for a in arguments)
            return Application(function, filled)
        case Items(bracket, items):
            return Items(bracket, tuple(_filled(item, goals) for item in items))
        case FieldList(fields, at):
            return FieldList(tuple((name, _filled(value, goals)) for name, value in fields), at)
        case Ascription(inner, type_):
            return Ascription(_filled(inner, goals), type_)
        case Projection(inner, field):
            return Projection(_filled(inner, goals), field)
    return term
