"""Whose claims these are, and who handles them."""

from __future__ import annotations

import pytest

from core.access import Role
from tests import factories as make


@pytest.fixture
def firm(database):
    return make.company()


@pytest.fixture
def sue(firm):
    return make.viewer(make.user(Role.SUPPORT, name="Sue Support"))
