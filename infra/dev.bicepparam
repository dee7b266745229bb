using 'main.bicep'

// To try things out: nothing that only matters once real conversations lie in it, and short retention, so that it can be torn down.

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tags = { workload: 'kapso-archive', environment: 'dev' }
param kapsoApiKey = readEnvironmentVariable('KAPSO_API_KEY', '')
param contacts = filter(split(readEnvironmentVariable('ALERT_EMAIL', ''), ','), address => !empty(address))
param readerGroupId = readEnvironmentVariable('ARCHIVE_READER_GROUP', '')

param archive = {
  conversations: '@conversations.txt'
  formats: 'parquet,jsonl'
  lookback: '7.00:00:00'
  fullSweepEvery: '7.00:00:00'
  sliceDuration: '00:08:00'
  schedule: '0 0 2 * * *'
  media: 'all'
  maxMediaBytes: 104857600
  mediaDuration: '00:10:00'
  mediaConcurrency: 8
  verifySubset: readEnvironmentVariable('ARCHIVE_VERIFY_SUBSET', '')
  callbackSecret: readEnvironmentVariable('ARCHIVE_CALLBACK_SECRET', '')
}

param storage = {
  container: 'kapso-archive'
  redundancy: 'LRS'
  tiers: {}
  immutability: { mode: 'Unlocked', days: 1 }
  exportsDeleteAfterDays: 2
  softDeleteDays: 7
  deleteLock: false
}

param monitoring = {
  retentionDays: 30
  dailyQuotaGb: 1
  tamperingAlerts: false
  availabilityTest: false
}
