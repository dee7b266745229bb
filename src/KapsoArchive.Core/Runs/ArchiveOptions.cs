using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Runs;

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

    /// <summary>The container, beside <see cref="ConnectionString"/>. Two more, <c>NAME-state</c> and <c>NAME-exports</c>, belong to it.</summary>
    public string? Container { get; set; }

    /// <summary>Readings of a conversation at most, where one does not prove that it is complete; 2 to 10.</summary>
    [Range(2, 10, ErrorMessage = "Archive:MaxSweeps (environment Archive__MaxSweeps) must be a number from 2 to 10.")]
    public int MaxSweeps { get; set; } = 4;
}
