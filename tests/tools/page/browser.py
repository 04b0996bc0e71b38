"""A headless Chromium that a test talks to through two pipes: no port, no driver, no package.

https://chromedevtools.github.io/devtools-protocol; a message is JSON and ends with a zero byte.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD, fcntl
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
)

_BECOME = """
import os, sys
for k, fd in enumerate(sys.argv[1:3], 3):
    os.dup2(int(fd), k)
os.execv(sys.argv[3], sys.argv[3:])
"""


def program() -> str | None:
    """The browser's path; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Tab:
    """One tab: what it is told, and what its console said."""

    def __init__(self, send: BinaryIO, receive: BufferedReader) -> None:
        self._send, self._receive, self._read, self._number, self._session = send, receive, b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers; raises `RuntimeError` where it refuses."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        self._send.write(json.dumps(message).encode() + b"\0")
        self._send.flush()
        while (found := self._next()).get("id") != self._number:
            self.events.append(found)
        if "error" in found:
            raise RuntimeError(f"{method}: {found['error']['message']}")
        return found["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            more = self._receive.read1(1 << 20)
            if not more:
                raise RuntimeError("the browser has ended")
            self._read += more
        text, _, self._read = self._read.partition(b"\0")
        return json.loads(text)

    def open(self, address: str, *, scripts: bool = True) -> None:
        """Load a page."""
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        for each in ("about:blank", address):  # a fragment alone would load nothing
            self.events.clear()
            self.ask("Page.navigate", url=each)
            while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
                self.events.append(self._next())

    def resize(self, width: int, scheme: str = "light") -> None:
        """Make the window so wide, and prefer a light or a dark scheme."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        media = [{"name": name, "value": value} for name, value in features.items()]
        self.ask("Emulation.setEmulatedMedia", media="", features=media)

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript comes to; raises `RuntimeError` where it throws."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", "it throws"))
        return found["result"].get("value")

    def complaints(self) -> list[str]:
        """Errors and warnings of the console, and exceptions that nobody caught."""
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    found.append(str(parameters["exceptionDetails"].get("exception", {}).get("description")))
                case "Log.entryAdded" if parameters["entry"]["level"] in ("error", "warning"):
                    found.append(parameters["entry"]["text"])
                case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning", "assert"):
                    found.append(str([a.get("value") for a in parameters["args"]]))
        return found

    def screenshot(self, path: Path, clip: tuple[float, float, float, float] | None = None) -> None:
        """Write what is seen, or a part of the whole page (x, y, width, height), as PNG."""
        more: dict[str, Any] = {}
        if clip:
            more = {"clip": dict(zip(("x", "y", "width", "height"), clip, strict=True)) | {"scale": 1}}
            more["captureBeyondViewport"] = True
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png", **more)["data"]))


@contextmanager
def browser(folder: Path) -> Iterator[Tab]:
    """A tab of a new browser, whose profile is in a folder; it ends with the block."""
    path = program()
    assert path, "there is no Chromium here"
    to_it, ours = os.pipe()
    theirs, from_it = os.pipe()
    # Above those that the protocol has fixed: 3 to read from, 4 to write to.
    high = [fcntl(fd, F_DUPFD, 10) for fd in (to_it, from_it)]
    command = [sys.executable, "-ISc", _BECOME, *map(str, high), path, *FLAGS, f"--user-data-dir={folder}"]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, pass_fds=high, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    for fd in (to_it, from_it, *high):
        os.close(fd)
    with process, open(ours, "wb") as send, open(theirs, "rb") as receive:
        try:
            yield Tab(send, receive)
        finally:
            process.kill()
