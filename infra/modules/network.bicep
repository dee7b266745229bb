metadata description = 'Private networking: a subnet for the app with its way out, one for the private endpoints of both accounts and the vault, and the names by which they are found.'

import { namesType, tagsType } from '../types.bicep'

@description('The names of the resources.')
param names namesType

@description('Where.')
param location string

@description('Tags.')
param tags tagsType

@description('The address range of the virtual network.')
param addressSpace string

@description('The range of the app\'s subnet.')
param appSubnet string

@description('The range of the private endpoints\' subnet.')
param endpointSubnet string

var endpoints = [
  { of: 'Microsoft.Storage/storageAccounts', name: names.hostAccount, group: 'blob', zone: 0 }
  { of: 'Microsoft.Storage/storageAccounts', name: names.hostAccount, group: 'queue', zone: 2 }
  { of: 'Microsoft.Storage/storageAccounts', name: names.hostAccount, group: 'table', zone: 3 }
  { of: 'Microsoft.Storage/storageAccounts', name: names.archiveAccount, group: 'blob', zone: 0 }
  { of: 'Microsoft.Storage/storageAccounts', name: names.archiveAccount, group: 'dfs', zone: 1 }
  { of: 'Microsoft.KeyVault/vaults', name: names.vault, group: 'vault', zone: 4 }
]
var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.dfs.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: names.workspace
}

resource appRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${names.network}-app'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'nobody-comes-in'
        properties: {
          description: 'The app is called through its public front, never through its subnet.'
          access: 'Deny'
          direction: 'Inbound'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${names.network}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'the-app-comes-in'
        properties: {
          description: 'The app reaches storage and vault over https.'
          access: 'Allow'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: appSubnet
          sourcePortRange: '*'
          destinationAddressPrefix: endpointSubnet
          destinationPortRange: '443'
        }
      }
      {
        name: 'nobody-else-comes-in'
        properties: {
          description: 'Add a rule before this one for a network that is peered.'
          access: 'Deny'
          direction: 'Inbound'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// New networks have no way out of their own: without these two the app would reach neither Kapso nor its telemetry.
resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: '${names.network}-outbound'
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Regional' }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource outbound 'Microsoft.Network/natGateways@2025-05-01' = {
  name: '${names.network}-outbound'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [{ id: outboundAddress.id }]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: names.network
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appSubnet
          networkSecurityGroup: { id: appRules.id }
          natGateway: { id: outbound.id }
          defaultOutboundAccess: false
          delegations: [{ name: 'flex-consumption', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointSubnet
          networkSecurityGroup: { id: endpointRules.id }
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: names.network
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.name}-${endpoint.group}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpointsSubnet.id }
      privateLinkServiceConnections: [
        { name: endpoint.group, properties: { privateLinkServiceId: resourceId(endpoint.of, endpoint.name), groupIds: [endpoint.group] } }
      ]
    }
  }
]

resource endpointNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, i) in endpoints: {
    parent: privateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: endpoint.group, properties: { privateDnsZoneId: zones[endpoint.zone].id } }]
    }
  }
]

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource networkIsLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: network
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'VMProtectionAlerts', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource appRulesAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: appRules
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'NetworkSecurityGroupEvent', enabled: true }]
  }
}

#disable-next-line use-recent-api-versions // The only other version is of 2016.
resource endpointRulesAreLogged 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: endpointRules
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'NetworkSecurityGroupEvent', enabled: true }]
  }
}
