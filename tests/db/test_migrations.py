"""Migrations go up and down, and say the same as the models."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from core import audit
from core.claims.tables import Claim, ClaimEvent, ClaimStatus
from core.db import migrate, unit_of_work
from core.documents.tables import CustomerDocument, DocumentType
from core.kit.dates import utc_now
from tests import factories as make
from tests.factories.rows import put


def _objects() -> int:
    with unit_of_work() as session:
        return int(
            session.scalar(
                text(
                    "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
                    " and relkind in ('r', 'v', 'S') and relname <> 'alembic_version'"
                )
            )
            or 0
        )


def test_the_models_and_the_migrations_agree(database: Engine) -> None:
    migrate.check()
    assert migrate.current() == migrate.newest()


def test_a_filled_database_goes_down_and_up_again(database: Engine) -> None:
    with unit_of_work() as session:
        session.execute(
            text(
                "insert into users (username, email, password_hash, first_name, last_name, role)"
                " values ('ann', 'ann@example.com', '!', 'Ann', 'Lee', 'agent')"
            )
        )
        session.execute(
            text(
                "insert into leads (first_name, last_name, source_id, assigned_to)"
                " select 'Bob', 'Ray', 1, id from users"
            )
        )
    before = _objects()
    migrate.downgrade("base")
    assert _objects() == 0
    migrate.upgrade()
    assert _objects() == before


def test_a_withdrawn_document_goes_down_unverified_with_why_in_its_note(database: Engine) -> None:
    customer, uploader = make.customer(), make.user()
    document = put(
        CustomerDocument(
            customer_id=customer.id,
            document_type=DocumentType.ID_PROOF,
            document_name="id.pdf",
            file_path="documents/none.pdf",
            uploaded_by=uploader.id,
            verified=True,
            verified_by=uploader.id,
            verified_at=utc_now(),
            withdrawn_at=utc_now(),
            withdrawn_by=uploader.id,
            withdrawn_reason="Wrong customer",
        )
    )
    migrate.downgrade("0013")
    migrate.upgrade()
    with unit_of_work() as session:
        row = session.get_one(CustomerDocument, document.id)
    assert (row.verified, row.withdrawn_at, row.notes) == (False, None, "Withdrawn: Wrong customer")


def test_who_was_invented_before_the_mark_existed_gets_it(database: Engine) -> None:
    migrate.downgrade("0014")
    with unit_of_work() as session:
        session.execute(
            text(
                "insert into users (username, email, password_hash, first_name, last_name, role) values"
                " ('admin', 'admin@policydesk.example', '!', 'Ann', 'Lee', 'admin'),"
                " ('ada', 'ada@example.com', '!', 'Ada', 'Ray', 'admin')"
            )
        )
        audit.record(session, actor=audit.SystemActor(), action="demo.fill", entity="demo", entity_id=None)
    migrate.upgrade()
    with unit_of_work() as session:
        marked = session.scalars(text("select username from users where is_demo")).all()
    assert marked == ["admin"]


def test_a_reserve_on_a_closed_claim_goes_up_as_an_event(database: Engine) -> None:
    claim = make.claim(make.policy(make.agent()), status=ClaimStatus.CLOSED)
    migrate.downgrade("0015")
    with unit_of_work() as session:
        session.execute(text("update claims set reserve_amount = 5"))
    migrate.upgrade()
    with unit_of_work() as session:
        event = session.scalars(select(ClaimEvent)).one()
        assert session.get_one(Claim, claim.id).reserve_amount == 0
    assert (event.claim_id, event.event_type, event.amount) == (claim.id, "reserve", -5)


def test_updated_at_is_kept_by_the_database_on_every_table_that_has_it(database: Engine) -> None:
    with unit_of_work() as session:
        missing = session.scalars(
            text(
                "select c.table_name from information_schema.columns c"
                " join information_schema.tables t using (table_schema, table_name)"
                " where c.table_schema = 'public' and c.column_name = 'updated_at'"
                " and t.table_type = 'BASE TABLE' and not exists (select 1 from pg_trigger g"
                " where g.tgrelid = c.table_name::regclass and g.tgname = 'set_updated_at')"
            )
        ).all()
    assert missing == []


def test_every_foreign_key_has_an_index_and_refuses_to_lose_its_parent(database: Engine) -> None:
    with unit_of_work() as session:
        unindexed = session.scalars(
            text(
                "select f.conrelid::regclass || '.' || a.attname from pg_constraint f"
                " join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]"
                " where f.contype = 'f' and f.connamespace = 'public'::regnamespace"
                " and not exists (select 1 from pg_index i where i.indrelid = f.conrelid"
                " and f.conkey[1] = any(i.indkey::int2[]))"
            )
        ).all()
        cascading = session.scalars(
            text(
                "select conname from pg_constraint where contype = 'f' and confdeltype <> 'r'"
                " and connamespace = 'public'::regnamespace"
            )
        ).all()
    assert unindexed == []
    assert cascading == []
