"""Who may be the same person, on hand-made records and on two public sets with known answers."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from core.customers import blocks
from core.customers.blocks import candidates
from core.customers.compared import People, Person
from core.customers.dedupe import Match, described, matches, threshold
from core.customers.evidence import Pairs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/data with the public files is missing"
)

ANN = Person(
    1, "ann", "kowalczyk", date(1980, 4, 12), "ann.k@example.com", "5125550100", "1 main st", "austin"
)


def crowd() -> list[Person]:
    """People who have nothing in common but common names and a town."""
    names = ["smith", "jones", "brown", "garcia"]
    return [
        Person(
            100 + n,
            ["john", "mary", "ann"][n % 3],
            names[n % 4],
            date(1940 + n % 60, 1 + n % 12, 1 + n % 28),
            f"{n}person@mail{n}.com",
            f"{2_000_000_000 + n * 7_919_993 % 7_000_000_000:010d}",
            f"{n} oak ave",
            "austin",
        )
        for n in range(400)
    ]


def match(one: Person, other: Person, others: list[Person] | None = None) -> Match:
    """The two among a crowd."""
    everybody = People.of([*(others or crowd()), one, other])
    last = len(everybody) - 1
    (found,) = described(Pairs(everybody, np.array([last - 1]), np.array([last])))
    return found


def bits(one: Person, other: Person) -> float:
    return match(one, other).bits - threshold(len(crowd()) + 2)


def test_two_people_who_share_a_common_name_and_a_town_are_two() -> None:
    john = Person(1, "john", "smith", date(1960, 1, 1), city="austin")
    assert bits(john, replace(john, key=2, date_of_birth=date(1971, 7, 9))) < 0


def test_twins_with_one_surname_birth_date_and_street_are_two() -> None:
    twin = replace(ANN, key=2, first_name="robert", email="bob.k@example.com", phone="5125550199")
    assert bits(ANN, replace(twin, street="9 elm st")) < 0


@pytest.mark.parametrize(
    "changes",
    [
        {"last_name": "kowalcyzk"},
        {"first_name": "kowalczyk", "last_name": "ann"},
        {"date_of_birth": date(1980, 12, 4)},
        {"email": "", "phone": ""},
        {"last_name": "smith", "street": "22 new road", "city": "dallas"},
        {"email": "ann.k@exmaple.com", "phone": "5125550101"},
    ],
)
def test_one_person_is_found_through_slips_moves_and_a_new_name(changes: dict[str, object]) -> None:
    assert bits(ANN, replace(ANN, key=2, **changes)) > 0  # type: ignore[arg-type]


def test_agreement_on_a_rare_name_weighs_more_than_on_a_common_one() -> None:
    common = Person(1, last_name="smith")
    rare = Person(2, last_name="kowalczyk")
    assert match(rare, replace(rare, key=3)).bits > match(common, replace(common, key=3)).bits


def test_a_missing_field_says_nothing() -> None:
    labels = {one.label for one in match(ANN, Person(2, "ann")).evidence}
    assert labels == {"same first name"}


def test_the_reasons_are_told_in_words_strongest_first() -> None:
    found = match(ANN, replace(ANN, key=2, city="dallas"))
    assert found.reasons[0] in {"same birth date", "same e-mail"}
    assert "other city" not in found.reasons


def test_numbers_in_an_e_mail_and_at_a_house_tell_two_people_apart() -> None:
    other = replace(ANN, key=2, email="ann.k7@example.com", street="9 main st")
    assert not {"similar e-mail", "similar street"} & set(match(ANN, other).reasons)


def test_a_city_says_nothing_beside_the_postal_code_that_it_has() -> None:
    bastrop = replace(ANN, city="bastrop")
    here = replace(bastrop, postal_code="78602")
    assert "same city" in match(bastrop, replace(bastrop, key=2)).reasons
    assert "same city" not in match(here, replace(here, key=2)).reasons


def found_pairs(people: list[Person]) -> list[set[int]]:
    everybody = People.of(people)
    return [
        {int(everybody.keys[one]), int(everybody.keys[other])}
        for pairs in candidates(everybody)
        for one, other in zip(pairs.first, pairs.second, strict=True)
    ]


def test_each_pair_is_compared_once_and_only_when_something_telling_is_shared() -> None:
    pairs = found_pairs([ANN, replace(ANN, key=2), *crowd()])
    assert pairs.count({1, 2}) == 1
    assert len(pairs) == len({frozenset(pair) for pair in pairs})
    assert len(pairs) < 402 * 401 / 2 / 3


def test_a_block_that_is_too_large_is_split_and_its_pairs_are_still_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "LARGEST_BLOCK", 10)
    monkeypatch.setattr(blocks, "SMALLEST_LIMIT", 10)
    born = date(1980, 4, 12)
    crowded = [Person(n, chr(98 + n % 20) + "x" * n, f"zz{n}", born) for n in range(3, 103)]
    pairs = found_pairs([*crowded, Person(1, "ann", "kowalczyk", born), Person(2, "anna", "novak", born)])
    assert pairs.count({1, 2}) == 1
    assert len(pairs) < 102 * 101 / 2 / 4


def test_the_pairs_to_compare_grow_with_the_people_and_not_with_their_square() -> None:
    # Every block stays small, whatever is common, so the pairs grow with the people.
    people = [
        Person(n, f"name{n % 50}", f"family{n % 700}", date(1950 + n % 50, 1 + n % 12, 1 + n % 28))
        for n in range(10_000)
    ]
    assert sum(len(pairs) for pairs in candidates(People.of(people))) < 10_000 * 150


def quality(found: set[tuple[int, int]], groups: list[object]) -> tuple[float, float]:
    truth = {pair for pair in combinations(range(len(groups)), 2) if groups[pair[0]] == groups[pair[1]]}
    right = len(found & truth)
    return right / len(found), right / len(truth)


def clustered(found: list[Match]) -> set[tuple[int, int]]:
    """The pairs within the groups of records that chains of matches join."""
    group_of: dict[int, set[int]] = {}
    for one in found:
        joined = group_of.get(one.first, {one.first}) | group_of.get(one.second, {one.second})
        group_of.update(dict.fromkeys(joined, joined))
    return {pair for group in group_of.values() for pair in combinations(sorted(group), 2)}


@needs_shared
def test_febrl1_is_found_with_precision_099_and_recall_095_without_its_security_number() -> None:
    with (SHARED / "febrl1" / "dataset1.csv").open() as lines:
        rows = [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(lines)]
    people = [
        Person(
            key=n,
            first_name=row["given_name"],
            last_name=row["surname"],
            street=f"{row['street_number']} {row['address_1']}".strip(),
            city=row["suburb"],
            postal_code=row["postcode"],
            birth_digits=row["date_of_birth"],
        )
        for n, row in enumerate(rows)
    ]
    found = {(one.first, one.second) for one in matches(people)}
    precision, recall = quality(found, [row["rec_id"].split("-")[1] for row in rows])
    assert precision >= 0.99
    assert recall >= 0.95


@needs_shared
def test_fake1000_is_found_with_precision_098_and_recall_075_after_clustering() -> None:
    with (SHARED / "splink_fake1000" / "fake_1000.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    people = [
        Person(
            key=n,
            first_name=row["first_name"].lower(),
            last_name=row["surname"].lower(),
            email=row["email"].lower(),
            city=row["city"].lower(),
            birth_digits=row["dob"].replace("-", ""),
        )
        for n, row in enumerate(rows)
    ]
    precision, recall = quality(clustered(matches(people)), [row["cluster"] for row in rows])
    assert precision >= 0.98
    assert recall >= 0.75
