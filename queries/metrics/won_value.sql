-- label: Won value
-- definition: The sum of what the {deals} won in the period are worth: the expected premium of a lead, the agreed value of an opportunity.
-- counted: {deals} won
-- unit: money
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
    deal.won_value as numerator,
    null as denominator
from fct_deal as deal
where deal.is_won
