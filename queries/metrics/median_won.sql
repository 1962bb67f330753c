-- label: Median won
-- definition: The middle value of the {deals} won with a value in the period: half are worth more, half less.
-- counted: {deals} won
-- unit: money
-- measures: flow
-- good: up
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
    deal.won_value as numerator,
    (deal.won_value is not null)::integer as denominator
from fct_deal as deal
where deal.is_won
