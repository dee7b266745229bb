using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Core.Kapso;

/// <summary>How to reach the source. Section <c>Kapso</c>.</summary>
public sealed class KapsoOptions
{
    public const string Section = "Kapso";

    /// <summary>The project's API key, sent as <c>X-API-Key</c>. A secret: never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The base address of the API, with a trailing slash. Kapso's own by default.</summary>
    public string BaseUrl { get; set; } = "https://app.kapso.ai/api/v1/";

    /// <summary>Concurrent requests, 1 to 64.</summary>
    [Range(1, 64, ErrorMessage = "Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.")]
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>Time limit of one attempt, from the request to the last byte of its answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00",
        ErrorMessage = "Kapso:AttemptTimeout (environment Kapso__AttemptTimeout) must be from 00:00:01 to 00:10:00.")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many times to resend a request after a transient failure. A 429 does not count: it is not a failure.</summary>
    [Range(0, 20, ErrorMessage = "Kapso:MaxRetries (environment Kapso__MaxRetries) must be a number from 0 to 20.")]
    public int MaxRetries { get; set; } = 5;

    /// <summary>The pause before the first retry. It doubles each time, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00",
        ErrorMessage = "Kapso:RetryDelay (environment Kapso__RetryDelay) must be from 00:00:00 to 00:01:00.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest share of the key's rate limit that this process uses, 0.05 to 1. The rest is for live traffic.</summary>
    [Range(0.05, 1.0, ErrorMessage = "Kapso:RateShare (environment Kapso__RateShare) must be a number from 0.05 to 1.")]
    public double RateShare { get; set; } = 0.8;

    /// <summary>Maximum requests per minute, 1 to 100,000, in addition to the share of the announced limit. Null: only the share
    /// applies.</summary>
    [Range(1, 100_000,
        ErrorMessage = "Kapso:RequestsPerMinute (environment Kapso__RequestsPerMinute) must be a number from 1 to 100000, or left out.")]
    public int? RequestsPerMinute { get; set; }

    /// <summary>Maximum megabytes of one record, 1 to 256. A larger one cannot be read, and its conversation is incomplete.</summary>
    [Range(1, 256, ErrorMessage = "Kapso:MaxRecordMegabytes (environment Kapso__MaxRecordMegabytes) must be a number from 1 to 256.")]
    public int MaxRecordMegabytes { get; set; } = 16;

    /// <summary>Maximum megabytes of one page after decompression, 1 to 1,024. A larger one is requested in smaller pages.</summary>
    [Range(1, 1024, ErrorMessage = "Kapso:MaxPageMegabytes (environment Kapso__MaxPageMegabytes) must be a number from 1 to 1024.")]
    public int MaxPageMegabytes { get; set; } = 32;

    /// <summary>Maximum megabytes of large pages in memory at once in this process, 1 to 65,536. One page may always proceed.</summary>
    [Range(
        1, 65_536, ErrorMessage = "Kapso:MaxInFlightMegabytes (environment Kapso__MaxInFlightMegabytes) must be a number from 1 to 65536.")]
    public int MaxInFlightMegabytes { get; set; } = 128;

    /// <summary>Maximum messages of one conversation, 1,000 to 1,000,000,000. A longer listing counts as endless.</summary>
    [Range(1_000, 1_000_000_000,
        ErrorMessage = "Kapso:MaxMessages (environment Kapso__MaxMessages) must be a number from 1000 to 1000000000.")]
    public int MaxMessages { get; set; } = 10_000_000;

    /// <summary>Maximum megabytes of the list of conversations in memory, 1 to 1,024. 64 MB hold some 600,000 ordinary conversations. A
    /// longer list counts as endless.</summary>
    [Range(1, 1024, ErrorMessage = "Kapso:MaxListMegabytes (environment Kapso__MaxListMegabytes) must be a number from 1 to 1024.")]
    public int MaxListMegabytes { get; set; } = 64;

    /// <summary>The length of the source's rate window, which the source does not announce. Only tests change it.</summary>
    internal TimeSpan RateWindow { get; set; } = TimeSpan.FromMinutes(1);
}
