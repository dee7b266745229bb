using 'main.bicep'

// For azd: each value comes from its environment (azd env set NAME VALUE). infra/README.md lists them.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param kapsoApiKey = readEnvironmentVariable('KAPSO_API_KEY', '')
param contacts = filter(split(readEnvironmentVariable('ALERT_EMAIL', ''), ','), address => !empty(address))
param readerGroupId = readEnvironmentVariable('ARCHIVE_READER_GROUP', '')

param archive = {
  conversations: readEnvironmentVariable('ARCHIVE_CONVERSATIONS', '')
  formats: readEnvironmentVariable('ARCHIVE_FORMATS', 'parquet,jsonl')
  lookback: readEnvironmentVariable('ARCHIVE_LOOKBACK', '7.00:00:00')
  fullSweepEvery: readEnvironmentVariable('ARCHIVE_FULL_SWEEP_EVERY', '7.00:00:00')
  sliceDuration: readEnvironmentVariable('ARCHIVE_SLICE_DURATION', '00:08:00')
  schedule: readEnvironmentVariable('ARCHIVE_SCHEDULE', '0 0 2 * * *')
  media: readEnvironmentVariable('ARCHIVE_MEDIA', 'all')
  maxMediaBytes: int(readEnvironmentVariable('ARCHIVE_MAX_MEDIA_BYTES', '104857600'))
  mediaDuration: readEnvironmentVariable('ARCHIVE_MEDIA_DURATION', '00:10:00')
  mediaConcurrency: int(readEnvironmentVariable('ARCHIVE_MEDIA_CONCURRENCY', '8'))
  callbackSecret: readEnvironmentVariable('ARCHIVE_CALLBACK_SECRET', '')
}

param storage = {
  container: readEnvironmentVariable('ARCHIVE_CONTAINER', 'kapso-archive')
  redundancy: 'LRS'
  tiers: { mediaCoolAfterDays: int(readEnvironmentVariable('ARCHIVE_MEDIA_COOL_AFTER_DAYS', '30')) }
  immutability: {
    mode: bool(readEnvironmentVariable('ARCHIVE_POLICY_LOCKED', 'false')) ? 'Locked' : 'Unlocked'
    days: int(readEnvironmentVariable('ARCHIVE_RETENTION_DAYS', '30'))
  }
  exportsDeleteAfterDays: 7
  softDeleteDays: 14
  deleteLock: bool(readEnvironmentVariable('ARCHIVE_DELETE_LOCK', 'false'))
}

param monitoring = {
  retentionDays: 90
  dailyQuotaGb: 2
  tamperingAlerts: true
  availabilityTest: bool(readEnvironmentVariable('ARCHIVE_AVAILABILITY_TEST', 'false'))
}
