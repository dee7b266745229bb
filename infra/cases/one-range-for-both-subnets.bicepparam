using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: networking: appSubnet and endpointSubnet are the same range.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = sound.storage
param networking = { ...sound.networking, endpointSubnet: '10.0.0.0/26' }
param monitoring = sound.monitoring
param contacts = sound.contacts
