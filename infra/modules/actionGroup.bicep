metadata description = 'Who is told.'

import { tagsType } from '../types.bicep'

@description('The action group\'s name.')
param name string

@description('Tags.')
param tags tagsType

@description('E-mail addresses.')
param contacts string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'archive'
    emailReceivers: [for contact in contacts: { name: contact, emailAddress: contact, useCommonAlertSchema: true }]
  }
}
