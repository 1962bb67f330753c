"""A company with a priced product, an underwriter and an application."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from core.access import Role, Viewer
from core.catalog import RiderChoice, RiderType
from core.policies import Application, PaymentFrequency, PaymentMethod
from tests import factories
from tests.factories import Company
from tests.policies.applying import SPOUSE, TODAY, priced


@pytest.fixture
def firm(database: Engine) -> Company:
    return factories.company()


@pytest.fixture
def underwriter(firm: Company) -> Viewer:
    return factories.viewer(factories.user(Role.UNDERWRITER, name="Uma Under"))


@pytest.fixture
def product_id(firm: Company, underwriter: Viewer) -> int:
    return priced(firm, underwriter)


@pytest.fixture
def application(firm: Company, product_id: int) -> Application:
    person = factories.customer(agent=firm.ann_in_east, date_of_birth=date(1990, 5, 1))
    return Application(
        customer_id=person.id,
        product_id=product_id,
        sum_assured=Decimal(500_000),
        term_years=20,
        effective_date=TODAY,
        payment_frequency=PaymentFrequency.MONTHLY,
        payment_method=PaymentMethod.BANK_TRANSFER,
        riders=(RiderChoice(RiderType.WAIVER_OF_PREMIUM, Decimal(0)),),
        beneficiaries=(SPOUSE,),
    )
