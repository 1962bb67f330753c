-- label: Median days to win
-- definition: The middle number of days from opening to closing of the {deals} won in the period.
-- counted: {deals} won
-- unit: days
-- measures: flow
-- good: down
-- owner: Head of Sales
-- grain: one row per won lead or opportunity
-- dims: kind, agent, territory, product, source
-- rows: deals
-- aggregate: median
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
where deal.is_won
