"""Real auto insurance customers by the templates that ship, against figures computed elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import policies
from core.imports.store import Counts
from tests.imports import public
from tests.imports.public import by_key, rows

pytestmark = public.needs("ibm_clv")
ALL = 9134
READ = {
    "product": Counts(read=ALL, created=3, unchanged=ALL - 3),
    "customer": Counts(read=ALL, created=ALL),
    "policy": Counts(read=ALL, created=ALL),
    "claim": Counts(read=ALL, created=ALL),
    "lead": Counts(read=ALL, created=ALL),
}
TABLES = ("customers", "policies", "claims", "leads", "claim_events", "claim_flags", "products", "users")
COUNTS = "select " + ", ".join(f"(select count(*) from {name})" for name in (*TABLES, "territories"))
FACT = "select {} from import_keys where entity = '{}' and source = 'ibm_clv'"


def test_the_file_gives_its_published_figures_once_and_can_be_taken_back(database, tmp_path):
    before = rows(database, COUNTS)
    results = public.bring("ibm_clv")
    assert {name: one.counts for name, one in results.items()} == READ, results
    assert policies.end_due() == 0  # what is over came as over, so that it can be taken back
    _customers_and_premium(database)
    _claims(database)
    _campaign(database)
    _facts_and_dates(database)
    for again in public.bring("ibm_clv", _first_rows(tmp_path / "again.csv")).values():
        assert again.counts == Counts(read=1000, unchanged=1000)
    public.take_back(results)
    assert rows(database, COUNTS) == before


def _first_rows(path):
    """A file of other name with the first 1,000 rows: a bundle of one file takes it."""
    (whole,) = (public.DATA / "ibm_clv").glob("*.csv")
    lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1001]), encoding="utf-8")
    return path


def _customers_and_premium(database):
    expected = public.figures("ibm_clv")
    customers = by_key(database, "select state, count(*) from customers group by 1")
    assert customers == expected["customers_by_state"]
    premium = by_key(
        database,
        "select t.name, sum(p.premium_amount) from policies p join territories t on t.id = p.territory_id"
        " where p.payment_frequency = 'monthly' group by 1",
    )
    assert premium == expected["monthly_premium_by_state"]
    assert sum(premium.values()) == 851465
    assert rows(database, "select sum(annual_premium) from policies") == [(851465 * 12,)]
    by_product = "select r.name, count(*) from policies p join products r on r.id = p.product_id group by 1"
    assert by_key(database, by_product) == expected["policy_type"]


def _claims(database):
    """The amounts as the file tells them, to the published cent; those of the claims are rounded each."""
    amounts = by_key(
        database,
        "select h.state, round(sum((k.facts ->> 'Total Claim Amount')::numeric), 2) from import_keys k"
        " join claims c on c.id = k.entity_id join customers h on h.id = c.customer_id"
        " where k.entity = 'claim' group by 1",
    )
    published = public.figures("ibm_clv")["claims_by_state"]
    assert amounts == {state: Decimal(str(amount)) for state, amount in published.items()}
    total = FACT.format("round(sum((facts ->> 'Total Claim Amount')::numeric), 2)", "claim")
    assert rows(database, total) == [(Decimal("3964967.05"),)]
    assert rows(
        database,
        "select sum(c.paid_amount),"
        " bool_and(abs(c.paid_amount - (k.facts ->> 'Total Claim Amount')::numeric) <= 0.005) from claims c"
        " join import_keys k on k.entity = 'claim' and k.entity_id = c.id",
    ) == [(Decimal("3964967.41"), True)]
    assert rows(database, "select code, count(*) from claim_flags group by 1") == [("BEFORE_COVER", 1483)]


def _campaign(database):
    offers = {
        name: (one["size"], one["sum"])
        for name, one in public.figures("ibm_clv")["response_by_offer"].items()
    }
    responses = rows(
        database,
        "select s.name, count(*), count(*) filter (where l.status = 'qualified') from leads l"
        " join lead_sources s on s.id = l.source_id group by 1",
    )
    assert {name: (size, yes) for name, size, yes in responses} == offers
    assert sum(yes for _name, _size, yes in responses) == 1308
    assert by_key(database, "select source, count(*) from customers group by 1") == {
        name: size for name, (size, _yes) in offers.items()
    }


def _facts_and_dates(database):
    assert rows(
        database,
        FACT.format(
            "sum((facts ->> 'Number of Policies')::int),"
            " round(avg((facts ->> 'Customer Lifetime Value')::numeric), 2),"
            " count(*) filter (where (facts ->> 'Income')::int = 0)",
            "customer",
        ),
    ) == [(27093, Decimal("8004.94"), 2317)]
    assert by_key(
        database, "select to_char(expiry_date - 1, 'YYYY-MM'), count(*) from policies group by 1"
    ) == {"2011-01": 4898, "2011-02": 4236}


@pytest.mark.parametrize("bundle", ["ibm_clv", "auto_claims"])
def test_the_templates_say_what_they_made_up(bundle):
    mapping = public.shipped.mappings()[f"{bundle}_customers"]
    assert "1900-01-01" in mapping.notes
    assert mapping.fields["phone"].constant == ""
