"""What is shown of personal data to those who may not see it (domain.md section 9).

A company is no person: its name stays on accounts, opportunities and leads alike.
"""

from __future__ import annotations


def masked_email(address: str | None) -> str:
    """The first letter and the domain: j***@example.com; "" for none."""
    if not address:
        return ""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def masked_phone(number: str | None) -> str:
    """The last four digits; "" for none."""
    digits = [character for character in number or "" if character in "0123456789"]
    return f"*** {''.join(digits[-4:])}" if digits else ""


def initial(name: str | None) -> str:
    """The first letter with a dot; "" for none."""
    return f"{name.strip()[0]}." if name and name.strip() else ""
