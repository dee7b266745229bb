using '../main.bicep'

import * as sound from 'sound.bicep'

// Fails: contacts: the alerts would tell nobody that an archive did not happen.

param environmentName = 'case'
param location = 'westeurope'
param archive = sound.archive
param storage = sound.storage
param networking = sound.networking
param monitoring = sound.monitoring
param contacts = []
