"""Work in a process of its own, which goes on when the page or the tab that began it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.kit.settings import ROOT


def start(
    words: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    told: str = "",
    on_end: Callable[[], None] = lambda: None,
) -> threading.Thread:
    """Start `python <words>`, with `told` on its standard input and what it says added to the log.

    A thread, which is returned, waits for its end and calls `on_end` then, if this process still lives.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def accompany() -> None:
        process.communicate(told.encode())
        on_end()

    waiting = threading.Thread(target=accompany, name=f"ends-{process.pid}", daemon=True)
    waiting.start()
    return waiting
