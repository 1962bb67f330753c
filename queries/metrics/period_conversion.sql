-- label: Conversion (period)
-- definition: {deals} won in the period, whenever created, divided by {deals} created in the period. It may exceed 100%.
-- counted: {deals} created
-- unit: percent
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per creation and one per win of a lead or opportunity
-- dims: kind, agent, territory, product, source
-- rows: deals
-- aggregate: ratio
select
    deal.created_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.deal_id as record_id,
    0 as numerator,
    1 as denominator
from fct_deal as deal
union all
select
    deal.closed_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.deal_id as record_id,
    1 as numerator,
    0 as denominator
from fct_deal as deal
where deal.is_won
