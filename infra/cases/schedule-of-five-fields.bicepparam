using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: archive.schedule: a schedule has six fields

param environmentName = 'case'
param location = 'westeurope'
param archive = { ...sound.archive, schedule: '0 2 * * *' }
param storage = sound.storage
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
