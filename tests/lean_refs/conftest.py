"""The mini library as a folder, a reading and a pin; a TorchLean checkout where there is one."""

import os
from pathlib import Path

import pytest

from lean_refs.interpreter.interpret import Interpreter
from lean_refs.reader.tree import read_tree
from tests.lean_refs import mini_lean as mini


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return mini.write(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="session")
def reading(library):
    return read_tree(library)


@pytest.fixture(scope="session")
def interpreter(reading):
    return Interpreter(reading)


@pytest.fixture(scope="session")
def pin(library):
    return mini.pin_of(library)


@pytest.fixture(scope="session")
def source():
    folder = os.environ.get("LEANMIRROR_SOURCE")
    if not folder:
        pytest.skip("LEANMIRROR_SOURCE names no TorchLean checkout")
    return Path(folder)
