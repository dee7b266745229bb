metadata description = 'Tells when a month costs more than expected. It stops nothing.'

import { budgetType } from '../types.bicep'

@description('The budget\'s name.')
param name string

@description('What a month may cost.')
param budget budgetType

@description('E-mail addresses.')
param contacts string[]

resource monthly 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: name
  properties: {
    amount: budget.amount
    category: 'Cost'
    timeGrain: 'Monthly'
    timePeriod: { startDate: budget.startDate }
    notifications: {
      spent: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 80, thresholdType: 'Actual', contactEmails: contacts }
      foreseen: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 110, thresholdType: 'Forecasted', contactEmails: contacts }
    }
  }
}
