"""Words with which a proof is none, or not one that the kernel checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(
    r"""(?<![\w.'«»!?])(?:_root_\.)?(?P<word>
      sorry|sorryAx|native_decide|by_elab|run_tac|lcProof|lcUnreachable|unsafeCast|unsafe|mkSorry|admitGoal|plausible
      |bv_decide\??|bv_check
      |(?:Lean\.)?(?:ofReduceBool|ofReduceNat|trustCompiler|reduceBool|reduceNat)
      |(?:exact|apply|rw|refine|by|observe)\?
      |nativeDecide|addDecl\w*
    )(?![\w'!?])
    |\bdecide\b(?:[^\n;]|\n[ \t]+(?=[+(]))*?(?P<native>\+\s*native|native\s*:=\s*true)
    |\bset_option\s+(?P<option>[\w.]+)
    |(?:^[ \t]*|\b(?:decreasing_)?by\s+|;\s*|<;>\s*|=>\s*|·\s*|[({|]\s*
       |\b(?:all_goals|any_goals|try|repeat'?|repeat1'?|focus|iterate(?:\s+\d+)?|on_goal\s+-?\d+\s*=>)\s+)
     (?P<tactic>admit|stop)(?![\w'!?.)\]|]|\s*(?::|,|\)|→|←|=>|\||with\b))""",
    re.VERBOSE | re.MULTILINE,
)
# With these a proof runs what it likes, wherever it stands.
RUN = frozenset(("by_elab", "run_tac", "unsafe", "unsafeCast", "addDecl"))
# A name that needs no quotes is the same one with them.
_QUOTED = re.compile(r"«(sorryAx|ofReduceBool|ofReduceNat|trustCompiler|reduceBool|reduceNat|lcProof|unsafeCast)»")


def weak_words(bare: str, code: str = "") -> Iterator[tuple[int, str, str]]:
    """(offset, word, option) of all such words in code without strings; `option` is the name after a `set_option`.

    A `set_option` is given whatever its option is. `code` is the same with its strings, and its names in quotes.
    """
    for found in _WORD.finditer(bare):
        if found["option"]:
            yield found.start("option"), "set_option", found["option"]
        elif found["native"]:
            yield found.start("native"), "decide +native", ""
        else:
            group = "word" if found["word"] else "tactic"
            yield found.start(group), found[group], ""
    for found in _QUOTED.finditer(code):
        yield found.start(), found[1], ""
