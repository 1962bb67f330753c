from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from core import sales
from tests import factories as make

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def column(board: sales.Board, status: str) -> sales.BoardColumn:
    return next(c for c in board.columns if c.status == status)


def test_totals_cover_all_matching_leads_and_not_only_the_loaded_cards(database: Engine):
    company = make.company()
    for premium in ("1000.00", "2000.50", None):
        make.lead(company.ann_in_east, status="qualified", expected_premium=premium and Decimal(premium))
    found = column(sales.board("lead", limit=1, by=company.ann, now=NOW), "qualified")
    assert (found.count, found.value_sum, found.weighted_sum) == (3, Decimal("3000.50"), Decimal("750.13"))
    assert found.without_value == 1
    assert (len(found.cards), found.has_more) == (1, True)


def test_a_lead_without_a_value_shows_none_and_not_0(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, expected_premium=None)
    (card,) = column(sales.board("lead", by=company.ann, now=NOW), "new").cards
    assert card.value is None


def test_opportunities_have_the_same_board_by_stage(database: Engine):
    company = make.company()
    make.opportunity(company.ann_in_east, stage="negotiation", estimated_value=Decimal(100))
    make.opportunity(
        company.ann_in_east,
        stage="closed_won",
        estimated_value=Decimal(100),
        won_value=Decimal(80),
        closed_on=date(2026, 3, 10),
    )
    found = sales.board("opportunity", by=company.ann, now=NOW)
    assert [c.status for c in found.columns] == list(sales.OPPORTUNITY.values)
    assert column(found, "negotiation").weighted_sum == Decimal("75.00")
    assert column(found, "closed_won").value_sum == Decimal(80)


def test_closed_leads_leave_the_board_after_thirty_days_and_the_column_says_so(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, status="won", closed_at=NOW - 29 * DAY)
    make.lead(company.ann_in_east, status="won", closed_at=NOW - 31 * DAY)
    won = column(sales.board("lead", by=company.ann, now=NOW), "won")
    assert (won.count, won.note) == (1, "Closed in the last 30 days")
    everything = sales.DealFilter(closed_days=None)
    assert column(sales.board("lead", everything, by=company.ann, now=NOW), "won").count == 2


def test_days_in_stage_count_from_entry_and_rot_at_the_threshold_of_the_stage(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, status_changed_at=NOW - 3 * DAY)
    make.lead(company.ann_in_east, status_changed_at=NOW - 3 * DAY + timedelta(seconds=1))
    fresh, rotten = column(sales.board("lead", by=company.ann, now=NOW), "new").cards
    assert (fresh.days_in_stage, fresh.is_rotting) == (2, False)
    assert (rotten.days_in_stage, rotten.is_rotting) == (3, True)


@pytest.mark.parametrize("status", ["won", "lost"])
def test_won_and_lost_leads_never_rot(database: Engine, status: str):
    company = make.company()
    make.lead(company.ann_in_east, status=status, status_changed_at=NOW - 400 * DAY)
    everything = sales.DealFilter(closed_days=None)
    (card,) = column(sales.board("lead", everything, by=company.ann, now=NOW), status).cards
    assert not card.is_rotting


@pytest.mark.parametrize(
    ("waiting", "names"),
    [
        (sales.Waiting.STANDING, ["Stan"]),
        (sales.Waiting.OVERDUE, ["Otto"]),
        (sales.Waiting.TODAY, ["Tina"]),
        (sales.Waiting.UNPLANNED, ["Nora", "Stan"]),
    ],
)
def test_open_leads_are_found_by_what_they_wait_for(database: Engine, waiting, names):
    company = make.company()
    entered = {"Stan": NOW - 3 * DAY, "Nora": NOW - 2 * DAY, "Otto": NOW, "Tina": NOW, "Tom": NOW}
    due = {"Otto": NOW - DAY, "Tina": NOW + timedelta(minutes=1), "Tom": NOW + DAY}
    for name, at in entered.items():
        make.lead(company.ann_in_east, first_name=name, status_changed_at=at, next_followup=due.get(name))
    make.lead(company.ann_in_east, status="lost", status_changed_at=NOW - 9 * DAY, next_followup=NOW - DAY)
    make.lead(company.walt_in_west, status_changed_at=NOW - 9 * DAY)
    found = sales.deals("lead", sales.DealFilter(waiting=waiting), by=company.ann, now=NOW)
    assert sorted(card.title.split(" ")[0] for card in found.rows) == names


@pytest.mark.parametrize("waiting", list(sales.Waiting))
def test_a_filter_by_what_waits_works_for_opportunities_too(database: Engine, waiting):
    company = make.company()
    deal = make.opportunity(company.ann_in_east, status_changed_at=NOW)
    when = {sales.Waiting.OVERDUE: NOW - DAY, sales.Waiting.TODAY: NOW + timedelta(minutes=1)}
    if waiting in when:
        make.followup(company.ann_in_east, opportunity_id=deal.id, scheduled_at=when[waiting])
    found = sales.deals("opportunity", sales.DealFilter(waiting=waiting), by=company.ann, now=NOW)
    assert found.total == (waiting is not sales.Waiting.STANDING)


def test_paging_through_a_column_shows_every_card_once(database: Engine):
    company = make.company()
    for _ in range(7):
        make.lead(company.ann_in_east, status_changed_at=NOW)
    first = column(sales.board("lead", limit=3, by=company.ann, now=NOW), "new")
    seen, after = [c.id for c in first.cards], first.after
    while after:
        cards, after = sales.column_cards("lead", "new", after=after, limit=3, by=company.ann, now=NOW)
        seen += [c.id for c in cards]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("sort", ["newest", "oldest", "value", "next_followup", "stage_age"])
@pytest.mark.parametrize("kind", ["lead", "opportunity"])
def test_paging_through_the_list_shows_every_deal_once_in_each_order(database: Engine, kind, sort):
    company = make.company()
    for n in range(5):
        if kind == "lead":
            premium = Decimal(n) if n else None
            make.lead(company.ann_in_east, expected_premium=premium, next_followup=NOW if n % 2 else None)
        else:
            make.opportunity(company.ann_in_east, estimated_value=Decimal(n) if n else None)
    seen: list[int] = []
    after = None
    while True:
        page = sales.deals(kind, sort=sort, after=after, limit=2, by=company.ann, now=NOW)
        assert page.total == 5
        seen += [c.id for c in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_the_most_valuable_lead_comes_first_when_sorted_by_value(database: Engine):
    company = make.company()
    for premium in (5, 20, 10):
        make.lead(company.ann_in_east, expected_premium=Decimal(premium))
    found = sales.deals("lead", sort="value", by=company.ann, now=NOW)
    assert [row.value for row in found.rows] == [20, 10, 5]


def test_an_agent_sees_only_their_own_leads_on_board_and_list(database: Engine):
    company = make.company()
    mine = make.lead(company.ann_in_east)
    make.lead(company.walt_in_west, expected_premium=Decimal(999))
    board = sales.board("lead", by=company.ann, now=NOW)
    assert [c.id for c in column(board, "new").cards] == [mine.id]
    assert column(board, "new").value_sum == Decimal("1200.00")
    assert sales.deals("lead", by=company.ann, now=NOW).total == 1


def test_a_manager_sees_the_line_and_the_unassigned_leads_of_the_area(database: Engine):
    company = make.company()
    make.lead(company.dan_in_district)
    make.lead(None, territory_id=company.district.id)
    make.lead(None, territory_id=company.west.id)
    make.lead(company.walt_in_west)
    assert column(sales.board("lead", by=company.erin, now=NOW), "new").count == 2


def test_a_filter_cannot_widen_the_scope(database: Engine):
    company = make.company()
    make.lead(company.walt_in_west, territory_id=company.west.id)
    where = sales.DealFilter(owner_ids=(company.walt_in_west.id,), territory_ids=(company.west.id,))
    assert sales.deals("lead", where, by=company.ann, now=NOW).total == 0


def test_a_territory_stands_for_everything_below_it(database: Engine):
    company = make.company()
    make.lead(company.dan_in_district, territory_id=company.district.id)
    make.lead(company.walt_in_west, territory_id=company.west.id)
    where = sales.DealFilter(territory_ids=(company.east.id,))
    assert sales.deals("lead", where, by=company.adam, now=NOW).total == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("müller", 1),
        ("MULLER", 1),
        ("inge muller", 1),
        ("50%", 0),
        ("(212) 555-7777", 1),
        ("x_x", 0),
        ("' or 1=1", 0),
    ],
)
def test_text_finds_names_without_accents_and_phones_without_punctuation(database: Engine, text, count):
    company = make.company()
    make.lead(company.ann_in_east, first_name="Inge", last_name="Müller", phone="+1 212-555-7777")
    make.lead(company.ann_in_east, phone="+1 212-555-1111")
    assert sales.deals("lead", sales.DealFilter(text=text), by=company.ann, now=NOW).total == count


def test_a_code_is_found_however_it_is_written(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, last_name="Lang", email=None)
    make.lead(company.ann_in_east, last_name="Lang", email=None)
    number = str(int(lead.lead_code.removeprefix("L-")))
    for text in (lead.lead_code, lead.lead_code.lower(), f"l-{number}", number):
        found = sales.deals("lead", sales.DealFilter(text=text), by=company.ann, now=NOW)
        assert [row.id for row in found.rows] == [lead.id]


def test_an_opportunity_is_found_by_its_account(database: Engine):
    company = make.company()
    account = make.account(name="Société Générale")
    make.opportunity(company.ann_in_east, account_id=account.id)
    where = sales.DealFilter(text="societe gen")
    assert sales.deals("opportunity", where, by=company.ann, now=NOW).total == 1


@pytest.mark.parametrize(
    ("name", "title"), [("Fleet", "Fleet (Acme Inc.)"), ("Fleet for Acme Inc.", "Fleet for Acme Inc.")]
)
def test_an_opportunity_names_its_account_once(database: Engine, name, title):
    company = make.company()
    account = make.account(agent_id=company.ann_in_east.id, name="Acme Inc.")
    make.opportunity(company.ann_in_east, name=name, account_id=account.id)
    (card,) = sales.deals("opportunity", by=company.ann, now=NOW).rows
    assert card.title == title


def test_created_dates_are_days_of_the_office_and_both_inclusive(database: Engine):
    company = make.company()
    # 23:30 in New York on 5 March is already 6 March in UTC.
    make.lead(company.ann_in_east, created_at=datetime(2026, 3, 6, 4, 30, tzinfo=UTC))
    day = date(2026, 3, 5)
    where = sales.DealFilter(created_from=day, created_to=day)
    assert sales.deals("lead", where, by=company.ann, now=NOW).total == 1


def test_an_executive_sees_initials_and_finds_nobody_by_name(database: Engine):
    company = make.company()
    lead = make.lead(company.ann_in_east, first_name="Inge", last_name="Müller")
    (card,) = sales.deals("lead", by=company.eve, now=NOW).rows
    assert (card.title, card.moves) == ("I. M.", ())
    assert sales.deals("lead", sales.DealFilter(text="Inge"), by=company.eve, now=NOW).total == 0
    assert sales.deals("lead", sales.DealFilter(text=lead.lead_code), by=company.eve, now=NOW).total == 1


def test_without_personal_data_a_lead_shows_its_company_as_accounts_do(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, first_name="Inge", last_name="Müller", company_name="Acme Inc.")
    (card,) = sales.deals("lead", by=company.eve, now=NOW).rows
    assert card.title == "I. M. (Acme Inc.)"


def test_without_personal_data_opportunities_show_no_names_and_are_found_by_their_code_alone(
    database: Engine,
):
    company = make.company()
    account = make.account(agent_id=company.ann_in_east.id, name="Acme Inc.")
    lead = make.lead(company.ann_in_east)
    for columns in ({"account_id": account.id}, {"lead_id": lead.id}):
        deal = make.opportunity(company.ann_in_east, name="Family Rosenqvist", **columns)
    cards = sales.deals("opportunity", by=company.eve, now=NOW).rows
    assert sorted(card.title for card in cards) == ["Acme Inc.", "Opportunity"]
    for typed, total in (("rosenqvist", 0), (deal.opportunity_code, 1)):
        where = sales.DealFilter(text=typed)
        assert sales.deals("opportunity", where, by=company.eve, now=NOW).total == total
    seen = sales.opportunity(deal.id, by=company.eve), sales.lead(lead.id, by=company.eve)
    assert "Rosenqvist" not in repr(seen)


def test_an_overdue_follow_up_is_marked_on_open_leads_only(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, next_followup=NOW - DAY)
    make.lead(company.ann_in_east, status="won", closed_at=NOW, next_followup=NOW - DAY)
    board = sales.board("lead", by=company.ann, now=NOW)
    assert column(board, "new").cards[0].is_overdue
    assert not column(board, "won").cards[0].is_overdue


def test_the_next_follow_up_of_an_opportunity_is_its_earliest_planned_one(database: Engine):
    company = make.company()
    deal = make.opportunity(company.ann_in_east)
    for days in (2, 1):
        make.followup(company.ann_in_east, opportunity_id=deal.id, scheduled_at=NOW + days * DAY)
    make.followup(company.ann_in_east, opportunity_id=deal.id, status="completed")
    (card,) = column(sales.board("opportunity", by=company.ann, now=NOW), "prospecting").cards
    assert card.next_followup_at == NOW + DAY


def test_cards_offer_the_moves_of_the_viewers_role(database: Engine):
    company = make.company()
    make.lead(company.ann_in_east, status="contacted")
    (anns,) = column(sales.board("lead", by=company.ann, now=NOW), "contacted").cards
    (erins,) = column(sales.board("lead", by=company.erin, now=NOW), "contacted").cards
    assert anns.moves == ("qualified", "lost")
    assert erins.moves == ("qualified", "new", "lost")
