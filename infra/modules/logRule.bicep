metadata description = 'A rule over the logs of the workspace, which tells the action group.'

import { logRuleType, namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('The rule.')
param rule logRuleType

@description('The object id of the app\'s identity, put in place of {app} in the query.')
param appId string = ''

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: names.actionGroup
}

resource logRule 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: rule.name
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.name
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: rule.every
    windowSize: rule.over
    autoMitigate: true
    // Tables come to be with their first row: a new workspace would be refused the rules otherwise.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: replace(rule.query, '{app}', appId)
          metricMeasureColumn: rule.measure
          timeAggregation: 'Total'
          operator: rule.operator
          threshold: rule.bound
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroup.id] }
  }
}
