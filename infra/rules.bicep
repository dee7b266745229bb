metadata description = 'What no single parameter can say: rules across parameters. Each gives a sentence that says what to change. main.bicep fails with all of them at once.'

import { archiveType, budgetType, networkingType, storageType, tiersType } from 'types.bicep'

@description('The sentence in a list where the condition holds, else nothing.')
func fault(broken bool, sentence string) string[] => broken ? [sentence] : []

@description('Days that a tier waits, where it is used; else the fallback.')
func waits(days int?, fallback int) int => days ?? fallback

@description('The length of a range such as 10.0.0.0/24: 24. Where there is none, 99, which is too small for anything.')
func prefixLength(range string) int => contains(range, '/') ? int(last(split(range, '/'))) : 99

@description('What is wrong with the tiers.')
func faultsOfTiers(tiers tiersType, redundancy string) string[] =>
  concat(
    fault(
      waits(tiers.?coolAfterDays, -1) >= waits(tiers.?coldAfterDays, 1000000) || waits(tiers.?coolAfterDays, -1) >= waits(
        tiers.?archiveAfterDays,
        1000000
      ) || waits(tiers.?coldAfterDays, -1) >= waits(tiers.?archiveAfterDays, 1000000),
      'storage.tiers: each cheaper tier must come later than the one before. Make coolAfterDays < coldAfterDays < archiveAfterDays, or leave one out.'
    ),
    fault(
      max(waits(tiers.?coolAfterDays, -1), waits(tiers.?coldAfterDays, -1), waits(tiers.?archiveAfterDays, -1)) >= waits(
        tiers.?deleteAfterDays,
        1000000
      ),
      'storage.tiers: messages would be deleted before they reach a tier. Make deleteAfterDays greater than every other number, or leave the tier out.'
    ),
    fault(
      waits(tiers.?mediaCoolAfterDays, -1) >= waits(tiers.?mediaDeleteAfterDays, 1000000),
      'storage.tiers: files would be deleted before they cool. Make mediaDeleteAfterDays greater than mediaCoolAfterDays, or leave one out.'
    ),
    fault(
      tiers.?archiveAfterDays != null && !contains(['LRS', 'GRS', 'RAGRS'], redundancy),
      'storage.tiers.archiveAfterDays: the archive tier does not exist with ${redundancy}. Set storage.redundancy to LRS, GRS or RAGRS, or leave archiveAfterDays out.'
    )
  )

@description('What is wrong with the storage.')
func faultsOfStorage(storage storageType) string[] =>
  concat(
    faultsOfTiers(storage.tiers, storage.redundancy),
    fault(
      storage.immutability.mode != 'None' && waits(storage.tiers.?deleteAfterDays, 1000000) <= storage.immutability.days,
      'storage.tiers.deleteAfterDays: messages would be deleted while the immutability policy still holds them, so each deletion would be refused. Make it greater than storage.immutability.days.'
    ),
    fault(
      storage.immutability.mode != 'None' && waits(storage.tiers.?mediaDeleteAfterDays, 1000000) <= storage.immutability.days,
      'storage.tiers.mediaDeleteAfterDays: files would be deleted while the immutability policy still holds them, so each deletion would be refused. Make it greater than storage.immutability.days.'
    ),
    fault(
      storage.immutability.mode == 'Locked' && !storage.deleteLock,
      'storage.deleteLock: an archive under a locked policy is there to stay. Set storage.deleteLock to true, so that nobody deletes the account once retention has ended.'
    ),
    fault(
      storage.container != toLower(storage.container) || contains(storage.container, '--') || contains(storage.container, '_') || startsWith(
        storage.container,
        '-'
      ) || endsWith(storage.container, '-'),
      'storage.container: use lower-case letters, digits and single hyphens, with a letter or digit at both ends.'
    )
  )

@description('What is wrong with what the program is told.')
func faultsOfArchive(archive archiveType) string[] =>
  concat(
    fault(
      length(filter(split(archive.schedule, ' '), field => !empty(field))) != 6,
      'archive.schedule: a schedule has six fields, the first is the second: for example 0 0 2 * * * for two o\'clock (UTC) each night.'
    ),
    fault(
      empty(archive.conversations),
      'archive.conversations: nothing would be archived. Give ids separated by commas, all, or @conversations.txt (with azd: azd env set ARCHIVE_CONVERSATIONS all).'
    ),
    fault(
      startsWith(archive.conversations, '@') && contains(archive.conversations, '/'),
      'archive.conversations: a file is read from the state container, by its name alone. Write @conversations.txt and put the file there.'
    )
  )

@description('What is wrong with the network.')
func faultsOfNetworking(networking networkingType) string[] =>
  networking.kind == 'public'
    ? []
    : concat(
        fault(
          empty(networking.addressSpace) || empty(networking.appSubnet) || empty(networking.endpointSubnet),
          'networking: private networking needs address ranges. Give addressSpace, appSubnet and endpointSubnet, such as 10.20.0.0/24, 10.20.0.0/26 and 10.20.0.64/27, or set kind to public.'
        ),
        fault(
          !empty(networking.appSubnet) && prefixLength(networking.appSubnet) > 27,
          'networking.appSubnet: the app needs a subnet of /27 or larger (a smaller number after the slash).'
        ),
        fault(
          !empty(networking.appSubnet) && networking.appSubnet == networking.endpointSubnet,
          'networking: appSubnet and endpointSubnet are the same range. Give each its own: the app\'s subnet is delegated and takes no private endpoint.'
        )
      )

@description('What is wrong with who is told, and of what.')
func faultsOfContacts(contacts string[], budget budgetType?) string[] =>
  concat(
    fault(
      empty(contacts),
      'contacts: the alerts would tell nobody that an archive did not happen. Give at least one e-mail address (with azd: azd env set ALERT_EMAIL you@example.com).'
    ),
    fault(
      empty(contacts) && budget != null,
      'budget: a budget needs a contact. Give at least one e-mail address in contacts, or leave the budget out.'
    ),
    fault(
      budget != null && !endsWith(budget.?startDate ?? '', '-01'),
      'budget.startDate: a monthly budget begins on the first of a month. Set ARCHIVE_BUDGET_START to it, as yyyy-MM-01: infra/budget-start prints the one that an existing budget has, else that of this month.'
    )
  )

@export()
@description('Every rule that the parameters break, a sentence each.')
func faultsOf(archive archiveType, storage storageType, networking networkingType, contacts string[], budget budgetType?) string[] =>
  concat(faultsOfArchive(archive), faultsOfStorage(storage), faultsOfNetworking(networking), faultsOfContacts(contacts, budget))
