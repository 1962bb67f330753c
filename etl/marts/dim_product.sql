-- one row per product
-- key: product_id
-- holds: stg_product
select
    product.product_id,
    product.code,
    product.name,
    product.category,
    category.name as category_name,
    category.line,
    product.premium_type,
    product.is_active
from stg_product as product
left join stg_category as category on category.category = product.category
order by product.product_id
