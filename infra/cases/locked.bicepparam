using '../main.bicep'

import * as sound from 'sound.bicep'

// Succeeds without: containers/immutabilityPolicies"

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, immutability: { mode: 'Locked', days: 365 }, deleteLock: true }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
