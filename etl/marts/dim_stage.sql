-- one row per stage of a lead or opportunity, from core/sales/status.py
-- key: kind, stage
select
    entity as kind,
    status as stage,
    label,
    rank,
    weight,
    list_contains(flags, 'open') as is_open,
    list_contains(flags, 'won') as is_won,
    list_contains(flags, 'lost') as is_lost
from stg_status
where weight is not null
order by kind, rank
