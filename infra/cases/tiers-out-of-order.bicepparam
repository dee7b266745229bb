using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.tiers: each cheaper tier must come later than the one before.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, tiers: { coolAfterDays: 90, coldAfterDays: 30 } }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
