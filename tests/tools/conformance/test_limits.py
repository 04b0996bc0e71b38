"""Calls on a thread of their own, each with its time."""

from __future__ import annotations

import os
import threading
import warnings
from threading import Event

import pytest

from theorems.tools.conformance.limits import Caller, TooLong


def test_what_is_returned_or_raised_comes_back_and_one_thread_serves() -> None:
    caller = Caller(10)
    threads = {caller.call(threading.get_ident) for _ in range(3)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}
    with pytest.raises(KeyboardInterrupt, match="enough"):
        caller.call(_raise, KeyboardInterrupt("enough"))
    assert caller.call(divmod, 7, 3) == (2, 1)
    assert caller.left == 0


def test_a_call_that_does_not_return_is_left_and_its_answer_is_nobody_elses() -> None:
    caller, released = Caller(0.05), Event()
    with pytest.raises(TooLong, match=r"^did not return within 0\.05 s$"):
        caller.call(released.wait)
    released.set()
    assert caller.call(divmod, 7, 3) == (2, 1)
    assert caller.left == 1


def test_a_copy_of_the_process_that_a_call_leaves_behind_ends() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads that a copy does not have
        copy = Caller(60).call(os.fork)
    assert os.waitpid(copy, 0) == (copy, 0)


def _raise(why: BaseException) -> None:
    raise why
