from sqlalchemy import Engine

from tests import factories as make


def test_every_maker_makes_a_row_that_the_database_accepts(database: Engine):
    company = make.company()
    ann = company.ann_in_east
    policy = make.policy(ann)
    made = [
        make.claim(policy),
        make.account(),
        *(make.lead(ann, status=s) for s in ("new", "contacted", "qualified", "proposal", "won", "lost")),
        make.opportunity(ann),
        make.opportunity(ann, stage="closed_lost"),
        make.followup(ann),
        make.followup(ann, status="completed"),
        make.appointment(ann),
    ]
    assert all(row.id for row in made)
