-- one row per lead source
select
    id as source_id,
    name,
    type,
    cents(cost_per_lead) as cost_per_lead,
    is_active
from extracted
