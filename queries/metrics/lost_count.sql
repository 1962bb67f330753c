-- label: Lost
-- definition: The number of {deals} lost in the period.
-- counted: {deals} lost
-- unit: count
-- measures: flow
-- good: down
-- owner: Head of Sales
-- grain: one row per lost lead or opportunity
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
where deal.is_lost
