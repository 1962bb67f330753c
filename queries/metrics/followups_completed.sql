-- label: Follow-ups completed
-- definition: The number of follow-ups on {deals} that were completed in the period.
-- counted: follow-ups
-- unit: count
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per completed follow-up
-- dims: kind, agent, territory
-- rows: followups
select
    followup.completed_on as day,
    followup.deal_kind as kind,
    followup.agent_id,
    followup.territory_id,
    followup.followup_id as record_id,
    1 as numerator,
    null as denominator
from fct_followup as followup
where followup.is_completed
