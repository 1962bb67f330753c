"""`python -m core.customers`: compares all customers with one another, for the duplicate finder."""

from __future__ import annotations

import argparse

from core.customers import compare_customers
from core.kit.logs import logger


def main() -> None:
    """Compare, and log what was found."""
    parser = argparse.ArgumentParser(prog="python -m core.customers", description=__doc__)
    parser.add_argument("--run", type=int, help="the comparison that this process is, when one was begun")
    found = compare_customers(parser.parse_args().run)
    logger(__name__).info("customers_compared", pairs=found)


if __name__ == "__main__":
    main()
