using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: storage.container: use lower-case letters, digits and single hyphens

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = { ...sound.storage, container: 'Kapso_Archive' }
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
