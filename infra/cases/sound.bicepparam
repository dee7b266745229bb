using '../main.bicep'

import * as sound from 'sound.bicep'

// Succeeds.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = sound.storage
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
param budget = { amount: 100, startDate: '2026-12-01' }
