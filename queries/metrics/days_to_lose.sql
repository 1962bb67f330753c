-- label: Days to lose
-- definition: Days from opening to closing of the {deals} lost in the period, added up and divided by their number.
-- counted: {deals} lost
-- unit: days
-- measures: flow
-- good: neutral
-- owner: Head of Sales
-- grain: one row per lost lead or opportunity
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
    deal.days_to_close as numerator,
    (deal.days_to_close is not null)::integer as denominator
from fct_deal as deal
where deal.is_lost
