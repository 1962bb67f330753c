"""The worklist of Home: what it holds is tested in tests/worklist."""

from __future__ import annotations

from datetime import UTC, datetime

from core import worklist
from core.access import Permission
from tests.access_cases.world import Case, for_all

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)

CASES: dict[str, Case] = {
    "worklist.worklist": for_all(Permission.HOME_VIEW, lambda by: worklist.worklist(by=by, now=NOW)),
}
