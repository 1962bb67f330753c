"""Where the company sells: regions, states with their share of the people, metro areas, cities.

States and weights are those of domain.md section 10 (2020 census); postal prefixes and area codes
are the real ones of the cities.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """A city with the first three digits of its postal codes and its area code."""

    name: str
    postal_prefix: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Area:
    """A territory that agents work in: a metro area, or a state outside of its metro areas."""

    code: str
    name: str
    state: str
    share: float
    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state, its region, and what home insurance costs there against the country."""

    code: str
    name: str
    region: str
    share: float
    property_factor: float


REGIONS = (
    ("US-W", "West"),
    ("US-SC", "South Central"),
    ("US-SE", "Southeast"),
    ("US-NE", "Northeast"),
    ("US-MW", "Midwest"),
)

# Share in percent of the country; property premium of the state over the national 1,569.
STATES = (
    State("CA", "California", "US-W", 11.9, 0.95),
    State("TX", "Texas", "US-SC", 8.8, 1.53),
    State("FL", "Florida", "US-SE", 6.5, 1.71),
    State("NY", "New York", "US-NE", 6.1, 1.04),
    State("PA", "Pennsylvania", "US-NE", 3.9, 0.75),
    State("IL", "Illinois", "US-MW", 3.9, 0.87),
    State("OH", "Ohio", "US-MW", 3.6, 0.63),
    State("GA", "Georgia", "US-SE", 3.2, 1.02),
    State("NC", "North Carolina", "US-SE", 3.2, 0.98),
    State("MI", "Michigan", "US-MW", 3.0, 0.79),
)


def _cities(text: str) -> tuple[City, ...]:
    rows = (line.rsplit(" ", 2) for line in text.strip().splitlines())
    return tuple(City(name.strip(), postal, area) for name, postal, area in rows)


# Share is that of the state's people.
AREAS = (
    Area(
        "CA-LA",
        "Los Angeles",
        "CA",
        0.45,
        _cities("""
        Los Angeles 900 213
        Long Beach 908 562
        Glendale 912 818
        Pasadena 911 626
        Santa Monica 904 310
        Anaheim 928 714
        """),
    ),
    Area(
        "CA-SF",
        "San Francisco Bay",
        "CA",
        0.25,
        _cities("""
        San Francisco 941 415
        Oakland 946 510
        San Jose 951 408
        Berkeley 947 510
        Fremont 945 510
        """),
    ),
    Area(
        "CA",
        "California",
        "CA",
        0.30,
        _cities("""
        San Diego 921 619
        Sacramento 958 916
        Fresno 937 559
        Bakersfield 933 661
        Riverside 925 951
        """),
    ),
    Area(
        "TX-DFW",
        "Dallas–Fort Worth",
        "TX",
        0.35,
        _cities("""
        Dallas 752 214
        Fort Worth 761 817
        Arlington 760 817
        Plano 750 972
        """),
    ),
    Area(
        "TX-HOU",
        "Houston",
        "TX",
        0.35,
        _cities("""
        Houston 770 713
        Sugar Land 774 281
        Pasadena 775 281
        Galveston 775 409
        """),
    ),
    Area(
        "TX",
        "Texas",
        "TX",
        0.30,
        _cities("""
        Austin 787 512
        San Antonio 782 210
        El Paso 799 915
        Lubbock 794 806
        Corpus Christi 784 361
        """),
    ),
    Area(
        "FL-MIA",
        "Miami",
        "FL",
        0.45,
        _cities("""
        Miami 331 305
        Fort Lauderdale 333 954
        Hollywood 330 954
        West Palm Beach 334 561
        """),
    ),
    Area(
        "FL",
        "Florida",
        "FL",
        0.55,
        _cities("""
        Tampa 336 813
        Orlando 328 407
        Jacksonville 322 904
        St. Petersburg 337 727
        Tallahassee 323 850
        """),
    ),
    Area(
        "NY-NYC",
        "New York City",
        "NY",
        0.65,
        _cities("""
        New York 100 212
        Brooklyn 112 718
        Queens 113 718
        Yonkers 107 914
        """),
    ),
    Area(
        "NY",
        "New York",
        "NY",
        0.35,
        _cities("""
        Buffalo 142 716
        Rochester 146 585
        Syracuse 132 315
        Albany 122 518
        """),
    ),
    Area(
        "PA",
        "Pennsylvania",
        "PA",
        1.0,
        _cities("""
        Philadelphia 191 215
        Pittsburgh 152 412
        Allentown 181 610
        Harrisburg 171 717
        Erie 165 814
        """),
    ),
    Area(
        "IL-CHI",
        "Chicago",
        "IL",
        0.7,
        _cities("""
        Chicago 606 312
        Naperville 605 630
        Evanston 602 847
        Joliet 604 815
        """),
    ),
    Area(
        "IL",
        "Illinois",
        "IL",
        0.3,
        _cities("""
        Springfield 627 217
        Peoria 616 309
        Rockford 611 815
        """),
    ),
    Area(
        "OH",
        "Ohio",
        "OH",
        1.0,
        _cities("""
        Columbus 432 614
        Cleveland 441 216
        Cincinnati 452 513
        Toledo 436 419
        Akron 443 330
        Dayton 454 937
        """),
    ),
    Area(
        "GA",
        "Georgia",
        "GA",
        1.0,
        _cities("""
        Atlanta 303 404
        Savannah 314 912
        Augusta 309 706
        Macon 312 478
        """),
    ),
    Area(
        "NC",
        "North Carolina",
        "NC",
        1.0,
        _cities("""
        Charlotte 282 704
        Raleigh 276 919
        Greensboro 274 336
        Asheville 288 828
        """),
    ),
    Area(
        "MI",
        "Michigan",
        "MI",
        1.0,
        _cities("""
        Detroit 482 313
        Grand Rapids 495 616
        Lansing 489 517
        Ann Arbor 481 734
        """),
    ),
)
