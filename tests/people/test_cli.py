"""`./run user` in a process of its own, as an administrator uses it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from core.kit.settings import ROOT


def run_user(db_url, *words):
    return subprocess.run(
        [sys.executable, "-m", "core.cli", "user", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": db_url},
        capture_output=True,
        text=True,
        check=False,
    )


CREATE = ("create", "root", "--email", "root@example.com", "--first-name", "Ruth", "--last-name", "Root")


def test_a_made_user_is_listed_and_can_get_a_new_password(db_url):
    made = run_user(db_url, *CREATE, "--role", "admin")
    assert made.returncode == 0, made.stderr
    first = re.search(r"Initial password  (\S+)", made.stdout)
    assert first is not None
    assert "root" in run_user(db_url, "list").stdout
    again = run_user(db_url, "reset-password", "Root")
    second = re.search(r"Initial password  (\S+)", again.stdout)
    assert second is not None
    assert second.group(1) != first.group(1)


def test_a_refusal_is_one_sentence(db_url):
    told = run_user(db_url, *CREATE, "--role", "agent")
    assert told.returncode == 2
    assert told.stderr.startswith("Who sells belongs to a territory: choose one.")
