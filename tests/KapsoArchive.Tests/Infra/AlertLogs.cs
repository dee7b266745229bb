using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>Asks the alerts' own queries over log rows: <c>infra/tool/alerts.mjs</c>, as the gate does.</summary>
public static class AlertLogs
{
    /// <summary>What an alert of <c>dev</c>, <c>prod</c> or a snapshot at a path counts or misses among <c>infra/cases/logs.json</c>. Empty: nothing.</summary>
    public static string Faults(string environment) => Ask(environment, null, "");

    /// <summary>What an alert measures over the requests to a blob store, each taken as one that succeeded.</summary>
    /// <param name="alert">The alert of prod.</param>
    /// <param name="container">The store's data container.</param>
    /// <param name="requests">Method, a space, and path with query, as <see cref="StorageProxy"/> sees them.</param>
    public static int Measure(string alert, string container, IEnumerable<string> requests)
    {
        IEnumerable<object> rows = requests.Select(request => Row(request, container)).OfType<object>();
        return int.Parse(Ask("prod", alert, JsonSerializer.Serialize(rows)), CultureInfo.InvariantCulture);
    }

    // The path of the emulator begins with the account.
    private static object? Row(string request, string container)
    {
        (string method, string target) = (request[..request.IndexOf(' ')], request[(request.IndexOf(' ') + 1)..]);
        string[] parts = target.Split('?', 2);
        string path = Uri.UnescapeDataString(parts[0]["/devstoreaccount1".Length..]).Replace($"/{container}", "/{container}", StringComparison.Ordinal);
        string query = parts.ElementAtOrDefault(1) ?? "";
        return (method, query) switch
        {
            ("PUT", _) when query.Contains("comp=blocklist") => new { Path = path, OperationName = "PutBlockList" },
            ("PUT", _) when query.Contains("comp=") || query.Contains("restype=") => new { Path = path, OperationName = "PutBlock" },
            ("PUT", _) => new { Path = path, OperationName = "PutBlob" },
            ("DELETE", _) => new { Path = path, OperationName = "DeleteBlob", Category = "StorageDelete", StatusCode = "202" },
            _ => new { Path = path, OperationName = "GetBlob", Category = "StorageRead", StatusCode = "200" },
        };
    }

    private static string Ask(string environment, string? alert, string rows)
    {
        string snapshot = Path.IsPathRooted(environment) ? environment : Repository.File("infra", $"{environment}.snapshot.json");
        ProcessStartInfo start = new("node", [Repository.File("infra", "tool", "alerts.mjs"), snapshot, .. alert is null ? Array.Empty<string>() : [alert]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(rows);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return $"{output}{errors.GetAwaiter().GetResult()}".Trim();
    }
}
