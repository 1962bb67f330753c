"""Once-only ids, gapless numbers and units of work on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from core.db import next_number, once, unit_of_work
from core.kit.errors import RepeatedWithOtherContent
from core.kit.ids import RequestId, new_request_id


def send(request_id: RequestId, content: dict[str, object]) -> int:
    with unit_of_work() as session:
        return once(
            session,
            request_id,
            action="test.make",
            content=content,
            actor_id=None,
            make=lambda: next_number(session, "test"),
        )


def test_sixteen_threads_with_one_form_id_make_one_and_get_the_same_answer(database: Engine) -> None:
    form = new_request_id()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: send(form, {"name": "Ann"}), range(16)))
    assert set(answers) == {1}
    with unit_of_work() as session:
        assert next_number(session, "test") == 2


def test_the_same_form_id_with_other_content_is_an_error(database: Engine) -> None:
    form = new_request_id()
    send(form, {"name": "Ann"})
    with pytest.raises(RepeatedWithOtherContent):
        send(form, {"name": "Bob"})


def test_a_form_whose_work_failed_may_be_sent_again(database: Engine) -> None:
    form = new_request_id()

    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError), unit_of_work() as session:
        once(session, form, action="test.make", content={}, actor_id=None, make=fail)
    assert send(form, {}) == 1


def test_numbers_have_no_gap_and_no_double_under_sixteen_threads(database: Engine) -> None:
    def take(attempt: int) -> int | None:
        try:
            with unit_of_work() as session:
                number = next_number(session, "series")
                if attempt % 5 == 0:
                    raise LookupError
                return number
        except LookupError:
            return None

    with ThreadPoolExecutor(16) as pool:
        numbers = [n for n in pool.map(take, range(100)) if n is not None]
    assert sorted(numbers) == list(range(1, 81))


def test_a_unit_of_work_inside_another_is_undone_with_it(database: Engine) -> None:
    with pytest.raises(LookupError), unit_of_work() as outer:
        with unit_of_work() as inner:
            assert inner is outer
            next_number(inner, "joined")
        raise LookupError
    with unit_of_work() as session:
        assert session.scalar(text("select count(*) from code_counters")) == 0
