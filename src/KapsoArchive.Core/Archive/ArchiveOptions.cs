using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Archive;

/// <summary>What to archive, and where to. Section <c>Archive</c>.</summary>
public sealed class ArchiveOptions
{
    public const string Section = "Archive";

    /// <summary>Conversation ids separated by commas, <c>all</c>, or <c>@file</c> with one id a line.</summary>
    public string? Conversations { get; set; }

    /// <summary><c>parquet</c>, <c>jsonl</c>, or both separated by a comma.</summary>
    public string Formats { get; set; } = "parquet,jsonl";

    /// <summary>A folder, or the https URL of a blob container, reached with a managed identity.</summary>
    public string? Destination { get; set; }

    /// <summary>A storage account's connection string, in place of <see cref="Destination"/>. A secret: never logged.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The container, used with <see cref="ConnectionString"/>. Two more, <c>NAME-state</c> and <c>NAME-exports</c>, belong to
    /// it.</summary>
    public string? Container { get; set; }

    /// <summary>The permissions of the data files in a folder, in octal digits: 0600, 0640, 0604 or 0644. If null, a new archive is
    /// private to the owner, and an existing archive keeps its permissions. State and exports are always private to the owner. Ignored on
    /// Windows and for blob containers.</summary>
    [AllowedValues(
        null, "", "0600", "0640", "0604", "0644", "600", "640", "604", "644",
        ErrorMessage = "Archive:FileMode (environment Archive__FileMode) must be 0600, 0640, 0604 or 0644: the owner reads and writes, "
            + "the group and others read or do nothing.")]
    public string? FileMode { get; set; }

    /// <summary>Maximum number of sweeps of a conversation, if one does not prove that it is complete; 2 to 10.</summary>
    [Range(2, 10, ErrorMessage = "Archive:MaxSweeps (environment Archive__MaxSweeps) must be a number from 2 to 10.")]
    public int MaxSweeps { get; set; } = 4;

    /// <summary>How far back a nightly run looks for late changes, such as a status: it reads messages and conversations that were active
    /// this long before the known ones again. 0 to 365 days.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "365.00:00:00",
        ErrorMessage = "Archive:Lookback (environment Archive__Lookback) must be a time from 00:00:00 to 365.00:00:00, "
            + "for example 7.00:00:00 for seven days.")]
    public TimeSpan Lookback { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The time in which every conversation is read whole once, spread evenly over the runs in it; 0 for every run. Up to 365
    /// days.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "365.00:00:00",
        ErrorMessage = "Archive:FullSweepEvery (environment Archive__FullSweepEvery) must be a time from 00:00:00 to 365.00:00:00, "
            + "for example 7.00:00:00 for seven days.")]
    public TimeSpan FullSweepEvery { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Minimum time between two runs whose full sweeps both miss a message, before it is marked as removed; 0 for two
    /// consecutive runs. Up to 365 days.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "365.00:00:00",
        ErrorMessage = "Archive:RemovalGrace (environment Archive__RemovalGrace) must be a time from 00:00:00 to 365.00:00:00, "
            + "for example 3.00:00:00 for three days.")]
    public TimeSpan RemovalGrace { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Time after which a run closes its open parts and saves its progress, so that it can continue from there. 1 second to 1
    /// hour.</summary>
    [Range(
        typeof(TimeSpan), "00:00:01", "01:00:00",
        ErrorMessage = "Archive:SliceDuration (environment Archive__SliceDuration) must be a time from 00:00:01 to 01:00:00, "
            + "for example 00:08:00 for eight minutes.")]
    public TimeSpan SliceDuration { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>Which files behind messages are fetched: <c>all</c>, <c>none</c>, or types of messages separated by commas, such as
    /// <c>image,document</c>.</summary>
    public string Media { get; set; } = "all";

    /// <summary>Maximum size of a file that is fetched, in bytes; 1 KB to 2 GB. WhatsApp allows documents of 100 MB.</summary>
    [Range(
        1_024L, 2L * 1024 * 1024 * 1024,
        ErrorMessage = "Archive:MaxMediaBytes (environment Archive__MaxMediaBytes) must be a number of bytes from 1024 to 2147483648.")]
    public long MaxMediaBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>How long a run fetches files after it has read all messages, before it publishes both; the rest is left to the next run.
    /// 0 to 1 day.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "1.00:00:00",
        ErrorMessage = "Archive:MediaDuration (environment Archive__MediaDuration) must be a time from 00:00:00 to 1.00:00:00, "
            + "for example 00:10:00 for ten minutes.")]
    public TimeSpan MediaDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The share of the archive that is verified after each nightly run, such as <c>5%</c>: a different part each time, so that
    /// every file is read in 20 nights. Null or empty for none.</summary>
    public string? VerifySubset { get; set; }

    /// <summary>Number of files that are fetched at the same time; 1 to 64.</summary>
    [Range(1, 64, ErrorMessage = "Archive:MediaConcurrency (environment Archive__MediaConcurrency) must be a number from 1 to 64.")]
    public int MediaConcurrency { get; set; } = 8;
}
