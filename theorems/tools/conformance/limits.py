"""Calls of somebody's function that may never return: each gets so many seconds."""

from __future__ import annotations

import os
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from theorems.tools.conformance.undisturbed import end_if_forked

R = TypeVar("R")
_Answer = tuple[Any, BaseException | None]


class TooLong(Exception):
    """A call did not return in its time."""


class Caller:
    """Makes calls one by one on a thread of its own, which is left behind when a call does not return.

    `left` counts the threads that were left: they may go on for ever, and take time from what comes after.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = 0
        self._asked: SimpleQueue[Callable[[], Any]] | None = None
        self._answers: SimpleQueue[_Answer] = SimpleQueue()

    def call(self, function: Callable[..., R], *arguments: Any) -> R:
        """What the function returns or raises; raises `TooLong` where it does neither in time."""
        asked = self._asked = self._asked or self._started()
        asked.put(lambda: function(*arguments))
        try:
            value, raised = self._answers.get(timeout=self.seconds)
        except Empty:
            self._asked, self.left = None, self.left + 1
            raise TooLong(f"did not return within {self.seconds:g} s") from None
        if raised:
            raise raised
        return value

    def _started(self) -> SimpleQueue[Callable[[], Any]]:
        asked: SimpleQueue[Callable[[], Any]] = SimpleQueue()
        answers = self._answers = SimpleQueue()
        _Answering(asked, answers).start()
        return asked


class _Answering(Thread):
    """A thread that answers calls; `at_work` says whether it is in one."""

    def __init__(self, asked: SimpleQueue[Callable[[], Any]], answers: SimpleQueue[_Answer]) -> None:
        super().__init__(name="the function under examination", daemon=True)
        self.asked, self.answers, self.at_work = asked, answers, False

    def run(self) -> None:
        """Answer call after call."""
        process = os.getpid()
        while True:
            call, self.at_work = self.asked.get(), True
            answer = _answer(call)
            # A function may have forked: nobody waits for the copy's answer, and it would wait for ever for a call.
            end_if_forked(process)
            self.at_work = False
            self.answers.put(answer)


def _answer(call: Callable[[], Any]) -> _Answer:
    try:
        return call(), None
    except BaseException as why:  # it is raised where the call was made
        return None, why
