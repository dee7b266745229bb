metadata description = 'Who the app is. Made for itself, so that its roles exist before the app first starts and outlive it.'

import { tagsType } from '../types.bicep'

@description('The identity\'s name.')
param name string

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}
