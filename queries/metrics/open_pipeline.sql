-- label: Open pipeline
-- definition: The sum of the expected value of all {deals} that are open now; those without a value are counted beside it.
-- counted: open {deals}
-- unit: money
-- measures: stock
-- good: up
-- owner: Head of Sales
-- grain: one row per open lead or opportunity
-- dims: kind, agent, territory, product, source, stage
-- rows: deals
select
    deal.created_on as day,
    deal.kind,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.stage,
    deal.deal_id as record_id,
    deal.expected_value as numerator,
    null as denominator
from fct_deal as deal
where deal.is_open
