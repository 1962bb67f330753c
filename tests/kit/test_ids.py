"""Ids in texts that anybody can type."""

from __future__ import annotations

import pytest

from core.kit.ids import record_id


@pytest.mark.parametrize(
    ("text", "found"),
    [("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("٣", None), ("-1", None)],
)
def test_an_id_is_plain_digits_that_a_bigint_holds(text, found):
    assert record_id(text) == found
