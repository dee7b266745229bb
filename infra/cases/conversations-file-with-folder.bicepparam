using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: archive.conversations: a file is read from the state container, by its name alone.

param environmentName = 'case'
param location = 'westeurope'
param archive = { ...sound.archive, conversations: '@lists/conversations.txt' }
param storage = sound.storage
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = sound.contacts
