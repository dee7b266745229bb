SELECT *
FROM {{ ref('stg_conversations') }}
QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY run_id DESC) = 1
