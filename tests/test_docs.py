"""README and docs say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.kit.settings import documented

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def test_readme_lists_every_setting_with_its_default() -> None:
    for variable, default, meaning in documented():
        shown = f"`{default}`" if default else ""
        assert f"| `{variable}` | {shown} | {meaning} |" in README


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
