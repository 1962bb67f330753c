"""The search by several fields: its filters, its table and its pages."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from core import customers, people, search, worklist
from core.access import Permission, Viewer
from pages._ui import export, filters, menu, paging, tables, terms, viewing

KEPT = (
    *("name", "born", "city", "state", "zip", "kyc", "risk", "agent", "cover", "archived"),
    *("since", "since_days", "review"),
)
_IN_FORCE = [filters.Option("yes", "With cover in force"), filters.Option("no", "Without cover")]
_ARCHIVED = [filters.Option("yes", "Archived too")]
_REVIEWS = [filters.Option("due", "To review")]
_SLUG = "customers"
_PAGE = 50
COLUMNS = (
    tables.Column("code", "Code", kind="open", pinned=True),
    tables.Column("name", "Name", width=190),
    tables.Column("born_on", "Born", kind="date"),
    tables.Column("phone", "Phone"),
    tables.Column("city", "City"),
    tables.Column("state", "State"),
    tables.Column("kyc", "KYC", kind="tag", tones={one.label: one.tone for one in customers.KYC.statuses}),
    tables.Column("owner", "Agent"),
    tables.Column("created_on", "Since", kind="date"),
)


def show(viewer: Viewer) -> None:
    """Filters and table; a row opens its customer."""
    is_narrowed = filters.count(*KEPT) > 0
    with st.expander("Search by several fields", icon=":material/tune:", expanded=is_narrowed):
        wanted = _filters(viewer)
    columns = tables.without_owner(COLUMNS, viewer, owner="owner")
    place = paging.of(_SLUG)
    place.turn_to((wanted, viewer.user_id))
    rows, total, after = search.customers_by(wanted, by=viewer, after=place.cursor, limit=_PAGE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_counted(place, len(rows), total), width="content")
        if viewer.can(Permission.EXPORT) and rows:
            export.buttons(
                lambda: paging.everything(lambda at: _fetch(wanted, at, viewer)),
                columns, name=_SLUG, key="customers.export", zone=viewing.zone(),
            )  # fmt: skip
    key = f"{_SLUG}.list.{place.generation}"
    tables.show(
        [_record(row) for row in rows], columns, key=key, zone=viewing.zone(),
        empty_sentence="No customer matches these filters.",
    )  # fmt: skip
    opened = tables.opened(key, len(rows))
    if opened is not None:
        menu.go("customer", {"customer": rows[opened].code})
    paging.turner(place, after, key=_SLUG)


def _counted(place: paging.Paging[int], shown: int, total: int) -> str:
    """Which rows are in sight, and how many match, as far as they are counted."""
    told = paging.span(place, shown, min(total, search.COUNTED), size=_PAGE)
    return told.replace(" of ", " of more than ") if total > search.COUNTED else told


def _fetch(
    wanted: search.Criteria, after: int | None, viewer: Viewer
) -> tuple[list[dict[str, object]], int | None]:
    """Rows of the file: all that matches in scope, masked as on the page."""
    rows, _, last = search.customers_by(wanted, by=viewer, after=after, limit=500)
    return [_record(row) for row in rows], last


def _record(row: search.Found) -> dict[str, object]:
    return {
        **{name: getattr(row, name) for name in ("code", "name", "born_on", "phone", "city", "state")},
        "kyc": customers.KYC.label(row.kyc_status),
        "owner": row.owner,
        "created_on": row.created_on,
    }


def _filters(viewer: Viewer) -> search.Criteria:
    may = viewer.can(Permission.PII_VIEW)
    with filters.bar():
        name = filters.text("Name or e-mail", key="name") if may else ""
        born = filters.text("Born on", key="born", placeholder="1985-05-17") if may else ""
        city = filters.text("City", key="city") if may else ""
        state = filters.text("State", key="state", placeholder="OH")
        code = filters.text("Postal code", key="zip") if may else ""
        kyc = filters.choose_many("KYC", terms.options(customers.KycStatus), key="kyc")
        review = filters.choose("Identity check", _REVIEWS, key="review", everything="Any")
        band = filters.choose_many("Risk", terms.options(customers.RiskBand), key="risk")
        agent = filters.choose("Agent", _agents(viewer), key="agent")
        cover = filters.choose("Cover", _IN_FORCE, key="cover", everything="Any")
        archived = filters.choose("Archived", _ARCHIVED, key="archived", everything="Not archived")
        since = filters.span("Customer since", viewing.today(), key="since")
    day = _day(born)
    return search.Criteria(
        name=name,
        born_from=day,
        born_to=day,
        city=city,
        state=state,
        postal_code=code,
        kyc_statuses=kyc,
        risk_bands=band,
        agent_ids=(int(agent),) if agent else (),
        created_from=since.start if since else None,
        created_to=since.last_day if since else None,
        with_archived=archived == "yes",
        in_force=cover or "",
        review_by=viewing.today() + timedelta(days=worklist.SOON_DAYS) if review else None,
    )


def _agents(viewer: Viewer) -> list[filters.Option]:
    return [filters.Option(str(one.user_id), one.name) for one in people.agents(by=viewer)]


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        st.caption(":red[:material/error: Write the birth date as 1985-05-17.]")
        return None
