"""leanmirror's pytest plugin: Lean names on tests, selection by them, theorems as tests, a table of what was tried.

It is an entry point, so it is imported in every run of everybody's suite. It has a name of its own and imports
nothing but the standard library and pytest: the project under test may have a `theorems`, `mirror` or `lean_refs` of
its own. Ours are imported only where something asks for them, and one line says so where another package hides them.
It says nothing where no test carries the `lean` marker. Everything that the table shows travels on `user_properties`,
which pytest-xdist carries from its workers and JUnit XML writes as properties.
"""

from __future__ import annotations

from pytest_leanmirror.counting import pytest_runtest_call
from pytest_leanmirror.fixture import check_theorem, pytest_runtest_setup
from pytest_leanmirror.marks import pytest_collection_modifyitems
from pytest_leanmirror.options import pytest_addoption, pytest_configure, pytest_load_initial_conftests
from pytest_leanmirror.profiles import register_hypothesis_profiles
from pytest_leanmirror.workers import (
    pytest_configure_node,
    pytest_handlecrashitem,
    pytest_sessionfinish,
    pytest_testnodedown,
    pytest_unconfigure,
)

__all__ = [
    "check_theorem",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_handlecrashitem",
    "pytest_load_initial_conftests",
    "pytest_runtest_call",
    "pytest_runtest_setup",
    "pytest_sessionfinish",
    "pytest_testnodedown",
    "pytest_unconfigure",
    "register_hypothesis_profiles",
]
