{{ config(materialized='incremental', unique_key='message_key', incremental_strategy='delete+insert') }}

SELECT *
FROM {{ ref('stg_messages') }}
{% if is_incremental() %}
WHERE run_id > (SELECT coalesce(max(run_id), '') FROM {{ this }})
{% endif %}
QUALIFY row_number() OVER (PARTITION BY message_key ORDER BY run_id DESC) = 1
