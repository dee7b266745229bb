using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.tiers.mediaDeleteAfterDays: files would be deleted while the immutability policy still holds them

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, tiers: { mediaDeleteAfterDays: 365 } }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
