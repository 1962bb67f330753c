"""E-mail addresses that are a slip away from what was typed.

Trigrams of common first names are in very many addresses. Looking up each address that one slip may have
been made of, whole, costs next to nothing beside reading all of those.
"""

from __future__ import annotations

from string import ascii_lowercase, digits

# In addresses that are longer it would be too many to look up.
LONGEST = 40
_SIGNS = ascii_lowercase + digits + ".-_"


def near(email: str) -> list[str]:
    """Every address whose local part is one slip from that of the one typed, in lower case.

    A slip is a sign left out, put in, another one, or two swapped. None for a part of an address.
    """
    local, _, domain = email.partition("@")
    if not domain or not local or len(local) > LONGEST:
        return []
    slips: set[str] = set()
    for place in range(len(local) + 1):
        before, here, after = local[:place], local[place : place + 1], local[place + 1 :]
        slips |= {before + sign + here + after for sign in _SIGNS}
        if here:
            slips |= {before + sign + after for sign in _SIGNS}
            slips |= {before + after, before + after[:1] + here + after[1:]}
    return [f"{one}@{domain}" for one in sorted(slips - {local, ""})]
