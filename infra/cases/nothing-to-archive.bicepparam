using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: archive.conversations: nothing would be archived.

param environmentName = 'case'
param location = 'westeurope'
param archive = { ...sound.archive, conversations: '' }
param storage = sound.storage
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
