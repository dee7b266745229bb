SELECT
  CAST(created_at AT TIME ZONE 'UTC' AS DATE) AS day,
  direction,
  message_type,
  count(*) AS messages
FROM {{ ref('messages_current') }}
WHERE NOT is_removed
GROUP BY ALL
