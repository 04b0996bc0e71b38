"""Words with which a proof is none, or not one that the kernel checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(
    r"""(?<![\w.'«»!?])(?P<word>
      sorry|sorryAx|native_decide|bv_decide|by_elab|run_tac|lcProof|lcUnreachable|unsafeCast|unsafe|mkSorry|admitGoal
      |(?:Lean\.)?(?:ofReduceBool|ofReduceNat|trustCompiler|reduceBool|reduceNat)
      |(?:exact|apply|rw|refine|by|observe)\?
      |nativeDecide|addDecl\w*
    )(?![\w'!?])
    |\bdecide\b[^\n;]*?(?P<native>\+\s*native|native\s*:=\s*true)
    |\bset_option\s+(?P<option>[\w.]+)
    |(?:^[ \t]*|\bby\s+|;\s*|<;>\s*|=>\s*|·\s*|\(\s*)(?P<tactic>admit|stop)(?![\w'!?.)\]]|\s*(?::|,|\)|→|←))""",
    re.VERBOSE | re.MULTILINE,
)


def weak_words(bare: str) -> Iterator[tuple[int, str, str]]:
    """(offset, word, option) of all such words in code without strings; `option` is the name after a `set_option`.

    A `set_option` is given whatever its option is.
    """
    for found in _WORD.finditer(bare):
        if found["option"]:
            yield found.start("option"), "set_option", found["option"]
        elif found["native"]:
            yield found.start("native"), "decide +native", ""
        else:
            group = "word" if found["word"] else "tactic"
            yield found.start(group), found[group], ""
