"""Text for an encoding that cannot hold all of it: what is lacking is spelled out, ⟨x, ε⟩ as <x, epsilon>."""

from __future__ import annotations

import codecs
import unicodedata

HANDLER = "leanmirror.spelled"

# Signs that neither their name nor their compatibility form says better.
SPELLED = {
    **{"⟨": "<", "⟩": ">", "⦃": "{{", "⦄": "}}", "«": "<<", "»": ">>", "‹": "<", "›": ">", "‖": "||", "∣": "|"},
    **{"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "≃": "~=", "→": "->", "←": "<-", "↔": "<->", "↦": "|->"},
    **{"↑": "^", "↓": "v", "▸": "|>", "±": "+-", "≡": "==", "⟪": "<<", "⟫": ">>", "⊤": "top", "⊥": "bot"},
    **{"–": "-", "’": "'"},
    **{"∀": "forall", "∃": "exists", "∈": "in", "∉": "not in", "⊆": "subset of", "∪": "cup", "∩": "cap"},
    **{"∧": "/\\", "∨": "\\/", "¬": "not"},
    **{"·": "*", "×": "x", "∘": "o", "•": "*", "−": "-", "√": "sqrt", "∞": "inf", "†": "^*", "∂": "d", "∇": "grad"},
    **{"∑": "sum", "∏": "prod", "∫": "int", "⋃": "union", "⋂": "inter", "⨆": "sup", "⨅": "inf", "λ": "lambda"},
}


def spelled(text: str, encoding: str) -> str:
    """The text with every sign that the encoding lacks spelled out in ASCII."""
    return read_as_utf8(text).encode(encoding, HANDLER).decode(encoding)


def read_as_utf8(text: str) -> str:
    """The text with bytes of arguments and file names, which a POSIX locale keeps as surrogates, read as UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return text


def _replacement(error: UnicodeError) -> tuple[str, int]:
    """What stands for a run of signs; a word keeps its distance from letters, as in `sqrt max`."""
    assert isinstance(error, UnicodeEncodeError)
    text, found, before = error.object, "", error.object[: error.start]
    for k in range(error.start, error.end):
        word = _word(text[k])
        apart = word and (found or before)[-1:].isalpha() and word[0].isalpha()
        found += f" {word}" if apart else word or _form(text, k)
    last = _word(text[error.end - 1])
    return found + (" " if last[-1:].isalpha() and text[error.end : error.end + 1].isalpha() else ""), error.end


def _word(sign: str) -> str:
    """What a sign is called, or nothing for one that is only another form of others."""
    if sign in SPELLED:
        return SPELLED[sign]
    kind, _, letter = unicodedata.name(sign, "").rpartition(" ")
    if not kind.startswith("GREEK "):
        return ""
    return letter.capitalize() if "CAPITAL" in kind else letter.lower()


def _form(text: str, k: int) -> str:
    """The signs that one is a form of, ℝ of R and ² of ^2, without accents; its number where it is none."""
    sign = text[k]
    parts = [SPELLED.get(part, part) for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part)]
    plain = "".join(parts)
    if not plain or not plain.isascii():
        return sign.encode("ascii", "backslashreplace").decode("ascii")
    return f"^{plain}" if _is_raised(sign) and not _is_raised(text[k - 1 : k]) else plain


def _is_raised(sign: str) -> bool:
    return bool(sign) and unicodedata.decomposition(sign).startswith("<super>")


codecs.register_error(HANDLER, _replacement)
