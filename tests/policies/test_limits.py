"""The limits of a product in the entry: every one that fails is told, whatever else there is to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core import policies
from core.access import Viewer
from core.kit.errors import Invalid
from core.policies import Application
from tests import factories
from tests.factories import Company
from tests.policies.applying import TODAY, priced, submitted


def told(application: Application, by: Viewer) -> dict[str, str]:
    return policies.gaps(application, policies.quote(application, by=by, today=TODAY), today=TODAY)


def test_the_age_limit_is_told_where_the_age_has_no_rate_either(
    firm: Company, application: Application
) -> None:
    old = factories.customer(agent=firm.ann_in_east, date_of_birth=date(1940, 1, 1))
    found = told(replace(application, customer_id=old.id), firm.ann)
    assert found["product_id"].startswith("The insured is 86; the oldest age for Term 20 is 65.")
    assert "There is no rate for age 86" in found["product_id"]


@pytest.mark.parametrize("written", ["CA", "ca", "California", " CALIFORNIA "])
def test_a_product_is_not_sold_in_a_state_however_that_is_written(
    firm: Company, application: Application, underwriter: Viewer, written: str
) -> None:
    product_id = priced(firm, underwriter, unavailable_states=["CA"])
    person = factories.customer(agent=firm.ann_in_east, date_of_birth=date(1990, 5, 1), state=written)
    wanted = replace(application, customer_id=person.id, product_id=product_id)
    assert told(wanted, firm.ann) == {"product_id": "Term 20 is not sold in CA."}
    with pytest.raises(Invalid, match="not sold in CA"):
        submitted(wanted, firm.ann)


def test_a_product_is_sold_in_the_other_states(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    product_id = priced(firm, underwriter, unavailable_states=["CA"])
    for state in ("Colorado", "CO", "Baja California"):
        person = factories.customer(
            agent=firm.ann_in_east, date_of_birth=date(1990, 5, 1), state=state, country="Mexico"
        )
        assert told(replace(application, customer_id=person.id, product_id=product_id), firm.ann) == {}
