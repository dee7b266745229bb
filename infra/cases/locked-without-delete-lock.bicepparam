using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.deleteLock: an archive under a locked policy is there to stay.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, immutability: { mode: 'Locked', days: 365 } }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
