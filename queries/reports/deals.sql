-- label: Leads and opportunities
-- key: kind, record_id
-- column: code | Code | code
-- column: title | Name | text | opportunity
-- column: stage | Stage | text
-- column: agent | Agent | text
-- column: territory | Territory | text
-- column: product | Product | text
-- column: source | Source | text
-- column: created_on | Created | date
-- column: closed_on | Closed | date
-- column: expected_value | Expected | money
-- column: won_value | Won | money
-- column: days_to_close | Days to close | int
select
    deal.kind,
    deal.deal_id as record_id,
    deal.code,
    deal.title,
    stage.label as stage,
    agent.name as agent,
    territory.name as territory,
    product.name as product,
    source.name as source,
    deal.created_on,
    deal.closed_on,
    deal.expected_value,
    deal.won_value,
    deal.days_to_close
from fct_deal as deal
left join dim_stage as stage on stage.kind = deal.kind and stage.stage = deal.stage
left join dim_agent as agent on agent.user_id = deal.agent_id
left join dim_territory as territory on territory.territory_id = deal.territory_id
left join dim_product as product on product.product_id = deal.product_id
left join dim_source as source on source.source_id = deal.source_id
