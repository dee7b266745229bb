using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: networking: private networking needs address ranges.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = sound.storage
param networking = { kind: 'private', addressSpace: '', appSubnet: '', endpointSubnet: '', archiveReachableFrom: [] }
param monitoring = sound.monitoring
param contacts = sound.contacts
