using 'main.bicep'

// The archive itself. Read infra/README.md on locking the immutability policy before the first real night.

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tags = { workload: 'kapso-archive', environment: 'prod' }
param kapsoApiKey = readEnvironmentVariable('KAPSO_API_KEY', '')
param contacts = filter(split(readEnvironmentVariable('ALERT_EMAIL', ''), ','), address => !empty(address))
// Empty: no budget. infra/budget-start prints the start.
var budgetAmount = readEnvironmentVariable('ARCHIVE_BUDGET', '200')
param budget = empty(budgetAmount) ? null : { amount: int(budgetAmount), startDate: readEnvironmentVariable('ARCHIVE_BUDGET_START', '') }
param readerGroupId = readEnvironmentVariable('ARCHIVE_READER_GROUP', '')

param archive = {
  conversations: 'all'
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
  redundancy: 'RAGRS'
  tiers: { coolAfterDays: 30, coldAfterDays: 120, mediaCoolAfterDays: 30 }
  // Set ARCHIVE_POLICY_LOCKED=true for every deployment after the policy was locked by hand.
  immutability: { mode: bool(readEnvironmentVariable('ARCHIVE_POLICY_LOCKED', 'false')) ? 'Locked' : 'Unlocked', days: 2555 }
  exportsDeleteAfterDays: 7
  softDeleteDays: 30
  deleteLock: true
}

param networking = {
  kind: 'private'
  addressSpace: '10.20.0.0/24'
  appSubnet: '10.20.0.0/26'
  endpointSubnet: '10.20.0.64/27'
  archiveReachableFrom: []
}

param monitoring = {
  retentionDays: 365
  dailyQuotaGb: 5
  tamperingAlerts: true
  availabilityTest: true
}
