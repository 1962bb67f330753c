-- label: Cohort decided
-- definition: {deals} created in the period that are won or lost by now, divided by {deals} created in the period. Below 100% the cohort's conversion can still rise.
-- counted: {deals} created
-- unit: percent
-- measures: flow
-- good: neutral
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
    (not deal.is_open)::integer as numerator,
    1 as denominator
from fct_deal as deal
