-- one row per lead source; cost in US dollars per lead
-- key: source_id
-- holds: stg_source
-- sum: cost_per_lead = stg_source.cost_per_lead
select
    source_id,
    name,
    type,
    cost_per_lead,
    is_active
from stg_source
order by source_id
