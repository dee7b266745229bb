using 'main.bicep'

// For azd: each value comes from its environment (azd env set NAME VALUE). infra/README.md lists them, beside what prod has.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tags = { workload: 'kapso-archive', environment: readEnvironmentVariable('AZURE_ENV_NAME', 'dev') }
param kapsoApiKey = readEnvironmentVariable('KAPSO_API_KEY', '')
param contacts = filter(split(readEnvironmentVariable('ALERT_EMAIL', ''), ','), address => !empty(address))
param readerGroupId = readEnvironmentVariable('ARCHIVE_READER_GROUP', '')

var budgetAmount = readEnvironmentVariable('ARCHIVE_BUDGET', '')
param budget = empty(budgetAmount) ? null : { amount: int(budgetAmount), startDate: readEnvironmentVariable('ARCHIVE_BUDGET_START', '') }

param kapso = {
  baseUrl: readEnvironmentVariable('ARCHIVE_KAPSO_URL', 'https://app.kapso.ai/api/v1/')
  rateShare: readEnvironmentVariable('ARCHIVE_RATE_SHARE', '0.8')
  maxConcurrency: int(readEnvironmentVariable('ARCHIVE_MAX_CONCURRENCY', '8'))
}

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
  verifySubset: readEnvironmentVariable('ARCHIVE_VERIFY_SUBSET', '')
  callbackSecret: readEnvironmentVariable('ARCHIVE_CALLBACK_SECRET', '')
}

var coolAfterDays = readEnvironmentVariable('ARCHIVE_COOL_AFTER_DAYS', '')
var coldAfterDays = readEnvironmentVariable('ARCHIVE_COLD_AFTER_DAYS', '')
var archiveAfterDays = readEnvironmentVariable('ARCHIVE_ARCHIVE_AFTER_DAYS', '')
var deleteAfterDays = readEnvironmentVariable('ARCHIVE_DELETE_AFTER_DAYS', '')
var mediaCoolAfterDays = readEnvironmentVariable('ARCHIVE_MEDIA_COOL_AFTER_DAYS', '30')
var mediaDeleteAfterDays = readEnvironmentVariable('ARCHIVE_MEDIA_DELETE_AFTER_DAYS', '')

param storage = {
  container: readEnvironmentVariable('ARCHIVE_CONTAINER', 'kapso-archive')
  redundancy: readEnvironmentVariable('ARCHIVE_REDUNDANCY', 'LRS')
  tiers: {
    coolAfterDays: empty(coolAfterDays) ? null : int(coolAfterDays)
    coldAfterDays: empty(coldAfterDays) ? null : int(coldAfterDays)
    archiveAfterDays: empty(archiveAfterDays) ? null : int(archiveAfterDays)
    deleteAfterDays: empty(deleteAfterDays) ? null : int(deleteAfterDays)
    mediaCoolAfterDays: empty(mediaCoolAfterDays) ? null : int(mediaCoolAfterDays)
    mediaDeleteAfterDays: empty(mediaDeleteAfterDays) ? null : int(mediaDeleteAfterDays)
  }
  immutability: {
    mode: bool(readEnvironmentVariable('ARCHIVE_POLICY_LOCKED', 'false')) ? 'Locked' : 'Unlocked'
    days: int(readEnvironmentVariable('ARCHIVE_RETENTION_DAYS', '30'))
  }
  exportsDeleteAfterDays: int(readEnvironmentVariable('ARCHIVE_EXPORTS_DELETE_AFTER_DAYS', '7'))
  softDeleteDays: int(readEnvironmentVariable('ARCHIVE_SOFT_DELETE_DAYS', '14'))
  deleteLock: bool(readEnvironmentVariable('ARCHIVE_DELETE_LOCK', 'false'))
}

// Another size stops the build here.
param hosting = {
  instanceMemoryMB: { '512': 512, '2048': 2048, '4096': 4096 }[readEnvironmentVariable('ARCHIVE_INSTANCE_MEMORY_MB', '2048')]
  maximumInstanceCount: int(readEnvironmentVariable('ARCHIVE_MAX_INSTANCES', '3'))
  zoneRedundant: bool(readEnvironmentVariable('ARCHIVE_ZONE_REDUNDANT', 'false'))
}

param networking = readEnvironmentVariable('ARCHIVE_NETWORK', 'public') == 'private'
  ? {
      kind: 'private'
      addressSpace: readEnvironmentVariable('ARCHIVE_ADDRESS_SPACE', '10.20.0.0/24')
      appSubnet: readEnvironmentVariable('ARCHIVE_APP_SUBNET', '10.20.0.0/26')
      endpointSubnet: readEnvironmentVariable('ARCHIVE_ENDPOINT_SUBNET', '10.20.0.64/27')
      archiveReachableFrom: filter(split(readEnvironmentVariable('ARCHIVE_REACHABLE_FROM', ''), ','), range => !empty(range))
    }
  : { kind: 'public' }

param monitoring = {
  retentionDays: int(readEnvironmentVariable('ARCHIVE_LOG_DAYS', '90'))
  dailyQuotaGb: int(readEnvironmentVariable('ARCHIVE_LOG_QUOTA_GB', '2'))
  tamperingAlerts: bool(readEnvironmentVariable('ARCHIVE_TAMPERING_ALERTS', 'true'))
  availabilityTest: bool(readEnvironmentVariable('ARCHIVE_AVAILABILITY_TEST', 'false'))
}
