-- label: New {deals}
-- definition: The number of {deals} created in the period.
-- counted: {deals} created
-- unit: count
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per lead or opportunity
-- dims: kind, agent, territory, product, source, stage, reached
-- rows: deals
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
    1 as numerator,
    null as denominator
from fct_deal as deal
