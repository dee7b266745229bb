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

    /// <summary>The container, beside <see cref="ConnectionString"/>. Two more, <c>NAME-state</c> and <c>NAME-exports</c>, belong to
    /// it.</summary>
    public string? Container { get; set; }

    /// <summary>The rights on the data files of a folder, in octal digits: 0600, 0640, 0604 or 0644. Null: the owner's alone in a new archive; an
    /// existing archive keeps what it has. State and exports are always the owner's alone. Ignored on Windows and for blob containers.</summary>
    [AllowedValues(null, "", "0600", "0640", "0604", "0644", "600", "640", "604", "644",
        ErrorMessage = "Archive:FileMode (environment Archive__FileMode) must be 0600, 0640, 0604 or 0644: the owner reads and writes, the group and others read or do nothing.")]
    public string? FileMode { get; set; }

    /// <summary>Readings of a conversation at most, where one does not prove that it is complete; 2 to 10.</summary>
    [Range(2, 10, ErrorMessage = "Archive:MaxSweeps (environment Archive__MaxSweeps) must be a number from 2 to 10.")]
    public int MaxSweeps { get; set; } = 4;

    /// <summary>How far back a night looks for late changes, such as a status: messages and conversations that were active so long before
    /// what is known. 0 to 365 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00", ErrorMessage = "Archive:Lookback (environment Archive__Lookback) must be a time from 00:00:00 to 365.00:00:00, for example 7.00:00:00 for seven days.")]
    public TimeSpan Lookback { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The time in which every conversation is read whole once, spread evenly over the runs in it; 0 for in every run. Up to 365
    /// days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00", ErrorMessage = "Archive:FullSweepEvery (environment Archive__FullSweepEvery) must be a time from 00:00:00 to 365.00:00:00, for example 7.00:00:00 for seven days.")]
    public TimeSpan FullSweepEvery { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How far apart two runs must be that both miss a message in a full sweep, before it is marked as removed; 0 for two runs in
    /// a row. Up to 365 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00", ErrorMessage = "Archive:RemovalGrace (environment Archive__RemovalGrace) must be a time from 00:00:00 to 365.00:00:00, for example 3.00:00:00 for three days.")]
    public TimeSpan RemovalGrace { get; set; } = TimeSpan.FromDays(3);

    /// <summary>After how long a run closes its open parts and writes down how far it is, so that it can go on from there. 1 second to 1
    /// hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Archive:SliceDuration (environment Archive__SliceDuration) must be a time from 00:00:01 to 01:00:00, for example 00:08:00 for eight minutes.")]
    public TimeSpan SliceDuration { get; set; } = TimeSpan.FromMinutes(8);
}
