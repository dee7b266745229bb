metadata description = 'Parameters that break no rule. Each case takes them and breaks one.'

import { archiveType, monitoringType, networkingType, storageType } from '../types.bicep'

@export()
@description('What is archived.')
var archive archiveType = {
  conversations: 'all'
  formats: 'parquet'
  lookback: '7.00:00:00'
  fullSweepEvery: '7.00:00:00'
  sliceDuration: '00:08:00'
  schedule: '0 0 2 * * *'
}

@export()
@description('The archive account.')
var storage storageType = {
  container: 'kapso-archive'
  redundancy: 'LRS'
  tiers: { coolAfterDays: 30, coldAfterDays: 90, archiveAfterDays: 180, deleteAfterDays: 400, mediaCoolAfterDays: 30, mediaDeleteAfterDays: 400 }
  immutability: { mode: 'Unlocked', days: 365 }
  exportsDeleteAfterDays: 7
  softDeleteDays: 7
  deleteLock: false
}

@export()
@description('A private network.')
var networking networkingType = {
  kind: 'private'
  addressSpace: '10.0.0.0/24'
  appSubnet: '10.0.0.0/26'
  endpointSubnet: '10.0.0.64/27'
  archiveReachableFrom: []
}

@export()
@description('What is watched.')
var monitoring monitoringType = {
  retentionDays: 30
  dailyQuotaGb: 1
  tamperingAlerts: true
  availabilityTest: true
}

@export()
@description('Who is told.')
var contacts = ['archive@example.com']
