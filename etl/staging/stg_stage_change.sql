-- one row per status change of a lead or opportunity
select
    id as change_id,
    entity as kind,
    entity_id as deal_id,
    from_status as from_stage,
    to_status as to_stage,
    extracted.at as changed_at,
    business_date(extracted.at) as changed_on
from extracted
