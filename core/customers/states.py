"""How the states of the United States are written: by the Postal Service's code or in full.

The list is that of the Postal Service's Publication 28, appendix B: states, territories, freely
associated states and the armed forces. What other countries call a state is not checked.
"""

from __future__ import annotations

from types import MappingProxyType

from core.customers.postal import FORMS, form_of
from core.kit.errors import Refusal
from core.kit.fields import plain_text

STATES = MappingProxyType(
    {
        "AL": "Alabama",
        "AK": "Alaska",
        "AS": "American Samoa",
        "AZ": "Arizona",
        "AR": "Arkansas",
        "AA": "Armed Forces Americas",
        "AE": "Armed Forces Europe",
        "AP": "Armed Forces Pacific",
        "CA": "California",
        "CO": "Colorado",
        "CT": "Connecticut",
        "DE": "Delaware",
        "DC": "District of Columbia",
        "FM": "Federated States of Micronesia",
        "FL": "Florida",
        "GA": "Georgia",
        "GU": "Guam",
        "HI": "Hawaii",
        "ID": "Idaho",
        "IL": "Illinois",
        "IN": "Indiana",
        "IA": "Iowa",
        "KS": "Kansas",
        "KY": "Kentucky",
        "LA": "Louisiana",
        "ME": "Maine",
        "MH": "Marshall Islands",
        "MD": "Maryland",
        "MA": "Massachusetts",
        "MI": "Michigan",
        "MN": "Minnesota",
        "MS": "Mississippi",
        "MO": "Missouri",
        "MT": "Montana",
        "NE": "Nebraska",
        "NV": "Nevada",
        "NH": "New Hampshire",
        "NJ": "New Jersey",
        "NM": "New Mexico",
        "NY": "New York",
        "NC": "North Carolina",
        "ND": "North Dakota",
        "MP": "Northern Mariana Islands",
        "OH": "Ohio",
        "OK": "Oklahoma",
        "OR": "Oregon",
        "PW": "Palau",
        "PA": "Pennsylvania",
        "PR": "Puerto Rico",
        "RI": "Rhode Island",
        "SC": "South Carolina",
        "SD": "South Dakota",
        "TN": "Tennessee",
        "TX": "Texas",
        "VI": "Virgin Islands",
        "UT": "Utah",
        "VT": "Vermont",
        "VA": "Virginia",
        "WA": "Washington",
        "WV": "West Virginia",
        "WI": "Wisconsin",
        "WY": "Wyoming",
    }
)
_CODES = MappingProxyType({name: code for code, name in STATES.items()})
_WRITTEN = MappingProxyType(
    {
        **{code.lower(): code for code in STATES},
        **{name.lower(): name for name in STATES.values()},
        "us virgin islands": STATES["VI"],
        "washington dc": "DC",
    }
)


def state(typed: str, country: str) -> str:
    """The state as it is usually written, as a code or in full like it was typed.

    Raises Refusal for what is no state of the United States, when that is the country.
    """
    if form_of(country) is not FORMS["US"]:
        return typed
    found = _WRITTEN.get(_spelling(typed))
    if found is None:
        raise Refusal(f"“{typed[:20]}” is no state of the USA: write it in full or as a code, like OH.")
    return found


def code_of(written: str) -> str:
    """The Postal Service's code of a state, written either way; what is no such state as it stands.

    For comparing: both ways are kept, as they were typed or imported.
    """
    found = _WRITTEN.get(_spelling(written), written)
    return _CODES.get(found, found)


def _spelling(written: str) -> str:
    return " ".join(plain_text(written).lower().replace(".", "").replace(",", " ").split())
