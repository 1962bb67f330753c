"""Home: what needs the viewer today, each a link; the figures of the month for who may see them."""

from __future__ import annotations

from datetime import datetime

from core import worklist
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from pages._ui import format as fmt
from pages._ui import guard, page, viewing
from pages.home._parts import month, places, work

WORKING = (Permission.LEADS_EDIT, Permission.CLAIMS_HANDLE, Permission.POLICIES_ISSUE)


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.HOME_VIEW)
    now, zone = utc_now(), viewing.zone()
    first_name = fmt.plain(viewer.name.split(" ")[0])
    day = worklist.worklist(by=viewer, now=now, limit=work.limit())
    subtitle = f"{viewing.local(now, zone):%A, %B} {viewing.local(now, zone).day}"
    page.head(f"{_greeting(now, zone)}, {first_name}", f"{subtitle}{work.counts(day)}")
    if _works(viewer):
        work.show(day, viewer, now=now, zone=zone)
    if viewer.can(Permission.KPIS_VIEW):
        month.show(viewer, zone, with_development=not _works(viewer))
    if not viewer.can(Permission.LEADS_EDIT):
        places.show(viewer)


def _works(viewer: Viewer) -> bool:
    """Whether the viewer has a list of work, or looks on."""
    return any(viewer.can(one) for one in WORKING)


def _greeting(now: datetime, zone: str) -> str:
    """The greeting of the hour on the viewer's clock."""
    hour = viewing.local(now, zone).hour
    if hour < 5 or hour >= 18:  # noqa: PLR2004 - the hours of an evening
        return "Good evening"
    return "Good morning" if hour < 12 else "Good afternoon"  # noqa: PLR2004 - noon


main()
