metadata description = 'One page for whoever is told something: the newest night, refused changes, committed runs, readers, errors.'

import { namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('The data container of the archive account.')
param container string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'WhatsApp archive'
    category: 'workbook'
    sourceId: workspace.id
    version: '1.0'
    serializedData: replace(
      replace(replace(loadTextContent('workbook.json'), '{account}', names.archiveAccount), '{container}', container),
      '{workspace}',
      workspace.id
    )
  }
}
