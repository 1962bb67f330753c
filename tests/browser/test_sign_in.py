"""Signing in and out in a real browser."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_deep_link_survives_signing_in(app, page_of):
    page = page_of(app.company.ann_in_east, "/account?shown=password")
    page.get_by_role("heading", name="My account").wait_for()
    assert page.url.endswith("/account?shown=password")
