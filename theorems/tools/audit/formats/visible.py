"""Text from a Lean file, made harmless to look at: no control character and no turn of direction acts on the screen."""

from __future__ import annotations

import re

# C0, DEL and C1; line and paragraph separators; what turns or isolates the direction of text, and marks of bytes.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """The text on one line: white space is one space, and every other control character is spelled as `\\x1b`."""
    return _CONTROL.sub(lambda found: _spelled(found[0]), " ".join(text.split()))


def _spelled(sign: str) -> str:
    return f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}"


def at(file: str, line: int) -> str:
    """`file:line` as editors open it, without the line where it is not known."""
    return visible(f"{file}:{line}" if line else file)
