"""What every part of the fill works with: the company, the ids of its rows, the sink and the clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.columns import Column, Ints, Sink, words
from core.demo.company import Company
from core.demo.days import Days

ROLES = ("system", "agent", "senior_agent", "manager", "underwriter", "support", "admin")
ROLE_WORDS: Column = words(ROLES)
SYSTEM, AGENT, SENIOR, MANAGER, UNDERWRITER, SUPPORT, ADMIN = range(len(ROLES))
NOBODY = -1


@dataclass
class World:
    """The invented company with the ids that its rows have in this database."""

    company: Company
    sink: Sink
    user_id: Ints  # by position in company.people
    role: Ints  # position in ROLES, by position in company.people
    territory_id: Ints  # by position in AREAS
    product_id: Ints  # by position in PRODUCTS
    source_id: Ints  # by position in SOURCES
    lost_reason_id: Ints  # by position in LOST_REASONS
    agent_user: Ints  # user id by position in company.agents
    agent_role: Ints

    @property
    def days(self) -> Days:
        """The calendar."""
        return self.company.days

    def manager_of(self, agent: Ints, day: Ints) -> Ints:
        """Positions in company.people of the managers that agents had on those days."""
        return self.company.agents.manager_on(agent, day)

    def users(self, people: Ints) -> Ints:
        """User ids of positions in company.people; NOBODY stays NOBODY."""
        return np.where(people == NOBODY, NOBODY, self.user_id[people])
