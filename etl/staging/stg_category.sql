-- one row per product category
select
    category,
    name,
    line
from extracted
