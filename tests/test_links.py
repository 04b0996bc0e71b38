"""The link from a counterpart to its Lean declaration."""

from __future__ import annotations

import pytest

from mirror import links as linking
from mirror.links import Link, link_as, mirrors
from mirror.rooms import links
from mirror.spec.core.shape import size

SIZE = "Spec.Shape.size"


@pytest.fixture(autouse=True)
def _own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test write into its own copy of the table, filled by all rooms."""
    monkeypatch.setattr(linking, "_LINKS", links())


def test_a_link_names_the_python_object() -> None:
    link = links()[SIZE]
    assert link == Link(SIZE, "mirror.spec.core.shape", "size")
    assert link.python == "mirror.spec.core.shape.size"


def test_mirrors_returns_the_object_and_records_where_it_is() -> None:
    linking._LINKS.pop(SIZE)
    assert mirrors(SIZE)(size) is size
    assert links()[SIZE].python == "mirror.spec.core.shape.size"


def test_a_declaration_may_be_linked_again_to_the_same_object() -> None:
    link_as(SIZE, "mirror.spec.core.shape", "size")
    assert links()[SIZE].qualname == "size"


def test_an_unknown_declaration_is_refused() -> None:
    message = (
        r"Spec\.Shape\.sise is not a declaration of the pinned TorchLean revision; bring it into scope: "
        r"leanmirror pin --add Spec\.Shape\.sise --source DIR"
    )
    with pytest.raises(LookupError, match=message):
        mirrors("Spec.Shape.sise")(size)


def test_a_declaration_is_mirrored_once() -> None:
    message = r"Spec\.Shape\.size is mirrored twice: mirror\.spec\.core\.shape\.size and elsewhere\.measure"
    with pytest.raises(ValueError, match=message):
        link_as(SIZE, "elsewhere", "measure")


def test_the_table_handed_out_is_a_copy() -> None:
    links().clear()
    assert SIZE in links()
