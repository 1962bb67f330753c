-- one row per product
select
    id as product_id,
    product_code as code,
    name,
    category,
    premium_type,
    is_active
from extracted
