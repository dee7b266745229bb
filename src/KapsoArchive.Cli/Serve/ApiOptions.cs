namespace KapsoArchive.Cli.Serve;

/// <summary>Who may call the server, and how often. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    public const int MostRequestsPerMinute = 1_000_000;

    public const string WrongRequestsPerMinute = "Api:RequestsPerMinute (environment Api__RequestsPerMinute) must be a number from 1 to 1000000.";

    /// <summary>Keys, with commas between. Secrets: never logged. Empty: only this machine may call, without a key.</summary>
    public string? Keys { get; set; }

    /// <summary>Calls a minute for each key, or each address where there are no keys; 1 to 1,000,000.</summary>
    public int RequestsPerMinute { get; set; } = 600;
}
