-- label: Win rate
-- definition: Won divided by won and lost, of the {deals} closed in the period.
-- counted: {deals} closed
-- unit: percent
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per closed lead or opportunity
-- dims: kind, agent, territory, product, source
-- rows: deals
-- aggregate: ratio
select
    deal.closed_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.deal_id as record_id,
    deal.is_won::integer as numerator,
    1 as denominator
from fct_deal as deal
where deal.is_won or deal.is_lost
