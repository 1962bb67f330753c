"""What the invention of data rests on, without a database."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from core.access.passwords import require_good
from core.demo.columns import digits, money
from core.demo.company import DEMO_AGENT, NEVER, STATE_OF, STATE_SHARES, Company, found
from core.demo.days import (
    DAY,
    SEASONS,
    Days,
    days_since_1970,
    in_office_hours,
    months,
    plus_months,
    whole_months_between,
)
from core.demo.documents import pdf
from core.demo.history import Steps
from core.demo.leads import LOST_PER_WON, SOURCES, lost_for
from core.demo.policies import _SURVIVAL, NONE, expiry
from core.demo.products import HEALTH, LIFE_LAPSE
from core.demo.sign_ins import PASSWORD, USERNAMES
from core.kit.dates import add_months

TODAY = date(2026, 3, 16)


def days(*given: date) -> np.ndarray:
    return np.array([days_since_1970(day) for day in given])


def test_months_are_added_as_the_kit_adds_them():
    starts = [date(2024, 1, 31), date(2024, 2, 29), date(2023, 12, 15)]
    for more in (1, 12, 13, -2):
        expected = [days_since_1970(add_months(day, more)) for day in starts]
        assert plus_months(days(*starts), np.full(3, more)).tolist() == expected


def test_a_month_is_whole_on_the_same_day_of_the_next_one():
    start = days(date(2024, 1, 15), date(2024, 1, 15))
    end = days(date(2024, 2, 14), date(2024, 2, 15))
    assert whole_months_between(start, end).tolist() == [0, 1]


def test_office_hours_keep_the_order_and_the_day():
    moments = np.sort(np.random.default_rng(1).integers(0, 30 * DAY, 500))
    pressed = in_office_hours(moments)
    assert (np.diff(pressed) >= 0).all()
    assert (pressed // DAY == moments // DAY).all()
    assert pressed.min() % DAY >= 8 * 3_600


def test_local_noon_is_written_in_utc_on_both_sides_of_daylight_saving():
    calendar = Days(TODAY, "America/New_York")
    noon = 12 * 3_600
    winter, summer = days(date(2026, 1, 15), date(2025, 7, 15)) * DAY + noon
    assert (calendar.utc(np.array([winter, summer])) % DAY // 3_600).tolist() == [17, 16]


def test_money_of_whole_cents_is_exact_whatever_the_sign():
    cents = np.array([-5, 0, 1, 123_456_789_012])
    assert [str(value) for value in money(cents).to_pylist()] == ["-0.05", "0.00", "0.01", "1234567890.12"]


def test_codes_longer_than_their_width_keep_every_digit():
    assert digits(np.array([7, 1_234_567]), 6).to_pylist() == ["000007", "1234567"]


def test_life_premiums_stop_at_the_published_persistency():
    due, surviving = _SURVIVAL[1]
    after = dict(zip(due.tolist(), surviving.tolist(), strict=True))
    assert [round(after[month] * 100, 1) for month in (12, 24, 36, 48, 60)] == [
        85.7,
        78.8,
        74.2,
        70.7,
        67.8,
    ]
    assert len(LIFE_LAPSE) >= 12 * 12


@pytest.mark.parametrize("source", range(len(SOURCES)))
def test_for_every_lead_won_so_many_are_lost_that_the_source_keeps_its_rate(source):
    won = np.full(400, source)
    lost = len(lost_for(np.random.default_rng(1), won))
    assert 400 / (400 + lost) == pytest.approx(SOURCES[source].win_rate, abs=0.001)
    assert LOST_PER_WON[source] > 0


@pytest.fixture(scope="module")
def sold() -> tuple[Company, np.ndarray, np.ndarray]:
    """A company of 10,000 customers, and who sold on which day of five years."""
    rng = np.random.default_rng(3)
    company = found(Days(date(2026, 3, 16), "America/New_York"), 10_000, rng)
    day = rng.integers(company.days.start, company.days.now, 200_000)
    return company, company.seller(rng, day, won=True), day


def test_the_top_fifth_of_agents_sells_about_half(sold):
    company, seller, _ = sold
    by_agent = np.sort(np.bincount(seller, minlength=len(company.agents.person)))[::-1]
    top = by_agent[: len(by_agent) // 5].sum() / by_agent.sum()
    assert top == pytest.approx(0.48, abs=0.05)


def test_every_state_is_sold_in_as_its_people_are_many(sold):
    company, seller, day = sold
    state = STATE_OF[company.agents.area_on(seller, day)]
    found_shares = np.bincount(state, minlength=len(STATE_SHARES)) / len(state)
    assert found_shares == pytest.approx(STATE_SHARES, abs=0.01)


def test_further_purchases_keep_the_season_of_their_category_within_the_year():
    rng = np.random.default_rng(4)
    calendar = Days(date(2026, 3, 16), "America/New_York")
    day = rng.integers(days_since_1970(date(2022, 1, 1)), days_since_1970(date(2026, 1, 1)), 50_000)
    health = list(SEASONS).index("health")
    moved = calendar.in_season(np.full(len(day), health), day)
    in_winter = np.isin(months(moved) % 12, (0, 10, 11)).mean()
    assert in_winter == pytest.approx(6.3 / (6.3 + 9 * 0.733), abs=0.01)
    years = day.astype("datetime64[D]").astype("datetime64[Y]")
    assert (moved.astype("datetime64[D]").astype("datetime64[Y]") == years).all()


def test_every_agent_reports_up_to_the_head_of_sales():
    company = found(Days(TODAY, "America/New_York"), 10_000, np.random.default_rng([1, 1]))
    for person in company.agents.person.tolist():
        at, steps = person, 0
        while at != company.head:
            above = company.people[at].reports_to
            assert above is not None
            at, steps = above, steps + 1
        assert 1 <= steps <= 5


def test_some_agents_have_left_and_nobody_sells_after_leaving():
    company = found(Days(TODAY, "America/New_York"), 10_000, np.random.default_rng([1, 1]))
    assert (company.agents.left != NEVER).any()
    assert company.agents.left[DEMO_AGENT] == NEVER
    sold = np.full(5_000, days_since_1970(TODAY) - 1)
    sellers = company.seller(np.random.default_rng(2), sold, won=True)
    assert (company.agents.left[sellers] == NEVER).all()


def test_the_demo_password_is_one_that_the_rules_accept():
    require_good(PASSWORD, about=tuple(USERNAMES.values()))


def test_the_pdf_says_what_it_is_and_its_table_leads_to_its_objects():
    content = pdf("Driving licence")
    assert content.startswith(b"%PDF-1.4")
    assert b"(Driving licence) Tj" in content
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert content[start : start + 4] == b"xref"
    first = int(content[start:].split(b"\n")[3].split()[0])
    assert content[first : first + 7] == b"1 0 obj"


def test_a_step_keeps_who_it_was_for_when_the_next_one_is_for_fewer():
    steps, among = Steps(3), np.array([True, True, True])
    steps.add(0, np.zeros(3, np.int64), where=among)
    among &= np.array([True, False, False])
    steps.add(1, np.ones(3, np.int64), where=among)
    assert steps.last()[0].tolist() == [1, 0, 0]


def test_a_yearly_term_that_was_renewed_today_runs_for_another_year():
    begins, ends = days(date(2024, 3, 16), date(2025, 3, 16), date(2025, 3, 17)), days(TODAY)[0]
    terms = SimpleNamespace(category=np.full(3, HEALTH), term_years=np.ones(3, dtype=int))
    running = SimpleNamespace(effective=begins, ends=np.full(3, NONE), terms=terms)
    assert (expiry(running, ends) > ends).all()
    over = SimpleNamespace(effective=begins[:2], ends=np.full(2, ends), terms=terms)
    terms.category, terms.term_years = terms.category[:2], terms.term_years[:2]
    assert (expiry(over, ends) == ends).all()
