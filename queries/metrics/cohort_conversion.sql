-- label: Conversion (cohort)
-- definition: {deals} created in the period that have been won by now, divided by {deals} created in the period.
-- counted: {deals} created
-- unit: percent
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per lead or opportunity
-- dims: kind, agent, territory, product, source, stage, reached
-- rows: deals
-- aggregate: ratio
select
    deal.created_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.stage,
    deal.furthest_rank,
    deal.deal_id as record_id,
    deal.is_won::integer as numerator,
    1 as denominator
from fct_deal as deal
