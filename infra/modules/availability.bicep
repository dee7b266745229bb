metadata description = 'Asks the app from outside whether it is ready, and tells when most places get no good answer.'

import { namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: names.insights
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: names.actionGroup
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: names.app
}

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'ready'
    Name: 'ready'
    Description: 'The app says that it is ready: configuration, store and queue.'
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    Timeout: 60
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'emea-se-sto-edge' }
    ]
    Request: {
      HttpVerb: 'GET'
      RequestUrl: 'https://${app.properties.defaultHostName}/api/health/ready'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'not-ready'
  location: 'global'
  tags: tags
  properties: {
    description: 'GET /api/health/ready gives no good answer from two of three places. Its body names the check that fails.'
    enabled: true
    severity: 1
    scopes: [test.id, insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}
