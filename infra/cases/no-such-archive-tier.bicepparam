using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.tiers.archiveAfterDays: the archive tier does not exist with ZRS.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, redundancy: 'ZRS' }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
