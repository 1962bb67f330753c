-- label: Won
-- definition: The number of {deals} won in the period.
-- counted: {deals} won
-- unit: count
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per won lead or opportunity
-- dims: kind, agent, territory, product, source
-- rows: deals
-- aggregate: sum
select
    deal.closed_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.deal_id as record_id,
    1 as numerator,
    null as denominator
from fct_deal as deal
where deal.is_won
