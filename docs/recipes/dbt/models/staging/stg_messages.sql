-- Every version of each message, without the personal columns: add content, phone_number or metadata if you need them.
SELECT
  conversation_id || '/' || id AS message_key,
  conversation_id,
  id AS message_id,
  created_at,
  updated_at,
  direction,
  status,
  message_type,
  change,
  change = 'removed' AS is_removed,
  archived_at,
  run_id
FROM {{ source('lake', 'messages') }}
