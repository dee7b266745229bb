using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.tiers: files would be deleted before they cool.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, tiers: { mediaCoolAfterDays: 500, mediaDeleteAfterDays: 400 } }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
