metadata description = 'The shapes of the parameters. Sealed: a misspelt property is an error, not a setting that nobody reads.'

@export()
@description('Tags: names with texts.')
type tagsType = {
  @description('A tag.')
  *: string
}

@export()
@sealed()
@description('How the app reaches Kapso: section Kapso of the program, but for the key.')
type kapsoType = {
  @description('Where the API begins, with a slash at its end.')
  baseUrl: string

  @description('The share of the key\'s rate limit that may be spent, 0.05 to 1, written as text because Bicep has no fractions.')
  rateShare: string

  @description('Requests in flight at once.')
  @minValue(1)
  @maxValue(64)
  maxConcurrency: int
}

@export()
@sealed()
@description('What is archived and when: section Archive of the program, but for the destination, which follows from the storage.')
type archiveType = {
  @description('Ids separated by commas, all, or @conversations.txt for a file of that name in the state container.')
  conversations: string

  @description('parquet, jsonl, or both separated by a comma.')
  formats: string

  @description('How far back a run looks for late changes, as d.hh:mm:ss.')
  lookback: string

  @description('The time in which every conversation is read whole once, as d.hh:mm:ss.')
  fullSweepEvery: string

  @description('After how long a run writes down how far it is, as hh:mm:ss.')
  sliceDuration: string

  @description('When the nightly run begins: six fields (second minute hour day month weekday), in UTC.')
  schedule: string

  @description('Which files behind messages are archived: all, none, or types of messages separated by commas, such as image,document. Absent: all.')
  media: string?

  @description('The largest file that is archived, in bytes. Absent: 104857600.')
  @minValue(1024)
  @maxValue(2147483648)
  maxMediaBytes: int?

  @description('How long a run may fetch files after it has read all messages, as hh:mm:ss. Absent: 00:10:00.')
  mediaDuration: string?

  @description('Files that are fetched at the same time. Absent: 8.')
  @minValue(1)
  @maxValue(64)
  mediaConcurrency: int?

  @description('The share of the archive that is verified after each nightly run, such as 5%. Empty or absent: none.')
  verifySubset: string?

  @description('The name of the vault\'s secret that signs callbacks of exports. Empty or absent: exports take no callbacks.')
  callbackSecret: string?
}

@export()
@sealed()
@description('After how many days without change messages, and the files behind them, move to a cheaper tier. Null: never.')
type tiersType = {
  @description('Days until the cool tier. Read or deleted within 30 days of moving, it costs extra.')
  coolAfterDays: int?

  @description('Days until the cold tier. Read or deleted within 90 days of moving, it costs extra.')
  coldAfterDays: int?

  @description('Days until the archive tier, in which nothing can be read (not by the program\'s verify either) before it is brought back, which takes hours.')
  archiveAfterDays: int?

  @description('Days until the messages are deleted. Null: kept for ever.')
  deleteAfterDays: int?

  @description('Days until the files behind messages move to the cool tier. Each file\'s move is a write operation.')
  mediaCoolAfterDays: int?

  @description('Days until the files are deleted, whose later messages then lose them too: a file is written once, with its first message. Null: kept for ever.')
  mediaDeleteAfterDays: int?
}

@export()
@sealed()
@description('The immutability policy of the data container.')
type immutabilityType = {
  @description('None: no policy. Unlocked: the template sets it, and an administrator can still take it away. Locked: it was locked by hand (infra/README.md) and the template leaves it alone, because Azure rejects putting a locked policy again.')
  mode: 'None' | 'Unlocked' | 'Locked'

  @description('Days from its creation in which nothing can be changed or deleted.')
  @minValue(1)
  @maxValue(146000)
  days: int
}

@export()
@description('How the archive account is copied. The archive tier exists with LRS, GRS and RAGRS only.')
type redundancyType = 'LRS' | 'ZRS' | 'GRS' | 'RAGRS' | 'GZRS' | 'RAGZRS'

@export()
@sealed()
@description('The archive account.')
type storageType = {
  @description('The data container; NAME-state and NAME-exports belong to it.')
  @minLength(3)
  @maxLength(55)
  container: string

  @description('How the account is copied.')
  redundancy: redundancyType

  @description('When messages and files move to cheaper tiers.')
  tiers: tiersType

  @description('The immutability policy of the data container.')
  immutability: immutabilityType

  @description('Days after which exports are deleted.')
  @minValue(1)
  @maxValue(365)
  exportsDeleteAfterDays: int

  @description('Days in which deleted blobs and containers can be brought back.')
  @minValue(7)
  @maxValue(365)
  softDeleteDays: int

  @description('Whether a lock keeps the account from being deleted.')
  deleteLock: bool
}

@export()
@sealed()
@description('The machines that the app runs on.')
type hostingType = {
  @description('Memory of an instance.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The most instances of each kind of work (the timer, the queue, HTTP). One does the work: the key\'s rate limit is the ceiling.')
  @minValue(1)
  @maxValue(40)
  maximumInstanceCount: int

  @description('Whether instances spread over the region\'s zones; the host account is then copied to three zones. For an archive account in zones, set storage.redundancy.')
  zoneRedundant: bool
}

@sealed()
@description('Storage and vault answer on the internet, to identities only.')
type publicNetworkingType = {
  @description('Which of the two it is.')
  kind: 'public'
}

@sealed()
@description('Storage and vault answer inside a virtual network only, and the app runs in it.')
type privateNetworkingType = {
  @description('Which of the two it is.')
  kind: 'private'

  @description('The address range of the virtual network, such as 10.20.0.0/24.')
  addressSpace: string

  @description('The range of the app\'s subnet, /27 or larger, inside the address space.')
  appSubnet: string

  @description('The range of the private endpoints\' subnet, /28 or larger, inside the address space.')
  endpointSubnet: string

  @description('Public addresses or ranges from which the archive account may be read besides, such as an office: links to exports work from there too. Empty: from nowhere.')
  archiveReachableFrom: string[]
}

@export()
@discriminator('kind')
@description('Public or private networking.')
type networkingType = publicNetworkingType | privateNetworkingType

@export()
@sealed()
@description('What is kept of logs, and what is watched.')
type monitoringType = {
  @description('Days that logs are kept.')
  @minValue(30)
  @maxValue(730)
  retentionDays: int

  @description('Gigabytes of logs a day at most; -1 for no limit. Beyond it logs are lost for the day, and the dead-man alert fires.')
  dailyQuotaGb: int

  @description('Whether changes that were refused, account keys, the vault\'s secrets and the guards themselves are watched. The rules cost a little each.')
  tamperingAlerts: bool

  @description('Whether the app\'s health is asked for from outside, day and night. Costs per call, and keeps an instance awake.')
  availabilityTest: bool
}

@export()
@sealed()
@description('What a month may cost before somebody is told. It stops nothing.')
type budgetType = {
  @description('The amount, in the subscription\'s currency.')
  @minValue(1)
  amount: int

  @description('The first day of the month from which it counts, as yyyy-MM-01. Azure refuses a past month for a new budget and another date for an existing one.')
  startDate: string
}

@export()
@sealed()
@description('The names of all resources that another resource refers to, made once in main.bicep.')
type namesType = {
  @description('The app\'s user-assigned identity.')
  identity: string

  @description('The Log Analytics workspace.')
  workspace: string

  @description('The Application Insights component.')
  insights: string

  @description('The host storage account, for the Functions runtime alone.')
  hostAccount: string

  @description('The container of the app\'s package in the host account.')
  packageContainer: string

  @description('The archive storage account.')
  archiveAccount: string

  @description('The key vault.')
  vault: string

  @description('The secret that holds the Kapso key.')
  secret: string

  @description('The Flex Consumption plan.')
  plan: string

  @description('The function app.')
  app: string

  @description('The action group.')
  actionGroup: string

  @description('The virtual network.')
  network: string
}

@export()
@sealed()
@description('A rule over the logs. It fires where the measure is past its bound.')
type logRuleType = {
  @description('The rule\'s name.')
  name: string

  @description('What has happened when it fires, and what to do.')
  description: string

  @description('0 critical, 1 error, 2 warning.')
  severity: int

  @description('How often it looks.')
  every: string

  @description('How far back it looks.')
  over: string

  @description('The query. Ends in one row with the measure.')
  query: string

  @description('The measure.')
  measure: string

  @description('The side of the bound on which it fires.')
  operator: 'LessThan' | 'GreaterThan'

  @description('The bound.')
  bound: int
}
