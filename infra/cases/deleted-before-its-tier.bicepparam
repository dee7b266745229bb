using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.tiers: messages would be deleted before they reach a tier.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, tiers: { coldAfterDays: 500, deleteAfterDays: 400 } }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
