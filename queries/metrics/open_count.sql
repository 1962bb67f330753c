-- label: Open {deals}
-- definition: The number of {deals} that are open now.
-- counted: open {deals}
-- unit: count
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
    1 as numerator,
    null as denominator
from fct_deal as deal
where deal.is_open
