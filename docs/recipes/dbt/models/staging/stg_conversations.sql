SELECT
  conversation_id,
  status,
  last_active_at,
  outcome,
  outcome = 'complete' AS is_complete,
  reason,
  reported_count,
  distinct_count,
  archived_at,
  run_id
FROM {{ source('lake', 'conversations') }}
