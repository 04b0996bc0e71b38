"""Numbers as the page writes them."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def count(number: int) -> str:
    """A count, its thousands apart: 18,000."""
    return f"{number:,}"


def power(number: float) -> str:
    """A size to two digits as a power of ten: 1.6·10⁻³²; a middling one as it is."""
    if not number or not math.isfinite(number):
        return "0" if not number else "∞" if number > 0 else str(number)
    if 1e-3 <= abs(number) < 1e5:
        return f"{number:.3g}"
    mantissa, _, exponent = f"{number:.1e}".partition("e")
    return f"{mantissa}·10{raised(int(exponent))}"


def raised(exponent: int) -> str:
    """An exponent in raised digits."""
    return str(exponent).translate(_RAISED)


def share(part: float, whole: float) -> str:
    """A share in whole percent; nothing of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else ""
