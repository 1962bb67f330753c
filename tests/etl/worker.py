"""Refreshes in processes of their own, quick to start: everything is imported once, then forked.

Each line on stdin starts one, and may name a limit on the size of its files in bytes, which is how a
full disk looks. Answered are the process id, what the refresh said, and "ended" with its exit code.
"""

from __future__ import annotations

import os
import resource
import sys

from core.kit import logs
from core.kit.errors import Refusal
from etl.run import refresh


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def run(limit: str) -> int:
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        refresh()
    except Refusal as refusal:
        say(refusal)
        return 1
    return 0


logs.configure(level="CRITICAL")
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os._exit(run(line.strip()))
    say(child)
    say(f"ended {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")
