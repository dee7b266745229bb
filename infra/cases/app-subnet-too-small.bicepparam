using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: networking.appSubnet: the app needs a subnet of /27 or larger

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = sound.storage
param networking = { ...sound.networking, appSubnet: '10.0.0.0/28' }
param monitoring = sound.monitoring
param contacts = sound.contacts
