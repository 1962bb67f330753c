"""README and docs say what the code does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from core import cli
from core.imports import cli as imports
from core.kit.settings import documented
from core.people import cli as people
from docs.screenshots.__main__ import SHOTS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
# What the processes of one test run tell one another.
INTERNAL = {"POLICYDESK_TEST_RUN"}


def test_readme_lists_every_setting_with_its_default() -> None:
    for variable, default, meaning in documented():
        shown = f"`{default}`" if default else ""
        assert f"| `{variable}` | {shown} | {meaning} |" in README


def test_readme_tells_every_variable_that_the_code_reads() -> None:
    folders = ("core", "etl", "pages", "queries", "tests", "bench", ".ci")
    files = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in {".py", ""}]
    sources = [path.read_text() for path in (*files, ROOT / "run") if path.is_file()]
    named = {name for text in sources for name in re.findall(r"POLICYDESK_[A-Z_]*[A-Z]", text)}
    assert len(named) > 10
    assert {name for name in named if f"`{name}`" not in README} == INTERNAL


PARSERS = {"user": people.parser, "import": imports.parser, "demo": cli.demo_parser}
COMMANDS = sorted({one.strip() for one in re.findall(r"(?:^|`)(\./run\b[^#`\n]*)", README, re.MULTILINE)})


def test_readme_shows_commands() -> None:
    assert "./run migrate" in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_readme_is_understood(command: str) -> None:
    name, *words = shlex.split(command)[1:] or ["serve"]
    assert name in {*cli.COMMANDS, "test", "--help"}
    if name in PARSERS:
        PARSERS[name]().parse_args(words)  # ends the test with its own message
    else:
        assert words == []


@pytest.mark.parametrize(
    "path", sorted({*ROOT.glob("docs/**/*.md"), ROOT / "README.md"}), ids=lambda path: path.name
)
def test_links_of_the_docs_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_every_decision_is_in_the_list() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text()
    for page in (ROOT / "docs/decisions").glob("[0-9]*.md"):
        assert page.name in listed


def test_every_test_that_a_rule_rests_on_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/quality.md").read_text()))
    sources = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    there = {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.MULTILINE)}
    assert len(named) > 50
    assert named - there == set()


def test_requirements_name_no_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        assert "://" not in path.read_text()


def test_every_screenshot_is_taken_by_the_script_and_shown() -> None:
    taken = {f"{shot.name}.png" for shot in SHOTS}
    assert {file.name for file in (ROOT / "docs/screenshots").glob("*.png")} == taken
    assert set(re.findall(r"docs/screenshots/([\w-]+\.png)", README)) == taken
