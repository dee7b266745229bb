using System.Diagnostics;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary><c>infra/budget-start</c>, with an <c>az</c> that answers what Azure would.</summary>
public sealed class BudgetStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_redeployment_keeps_the_start_of_the_budget() => StartsAsync("true", "2025-03-01T00:00:00Z", "2025-03-01");

    [Fact]
    public Task A_first_budget_starts_on_the_first_of_this_month() => StartsAsync("true", "", $"{TimeProvider.System.GetUtcNow():yyyy-MM}-01");

    [Fact]
    public Task A_first_deployment_starts_on_the_first_of_this_month() => StartsAsync("false", "2025-03-01T00:00:00Z", $"{TimeProvider.System.GetUtcNow():yyyy-MM}-01");

    [Fact]
    public async Task An_error_of_Azure_is_not_taken_for_no_budget()
    {
        (int exitCode, string output) = await RunAsync("echo true", "echo 'Please run az login' >&2; exit 1");

        exitCode.ShouldNotBe(0);
        output.ShouldBe("");
    }

    private static async Task StartsAsync(string groupExists, string budgetStart, string expected)
    {
        (int exitCode, string output) = await RunAsync($"echo {groupExists}", $"echo {budgetStart}");

        exitCode.ShouldBe(0);
        output.ShouldBe(expected);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string group, string rest)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("az"), $"case $1 in group) {group} ;; rest) {rest} ;; *) exit 9 ;; esac\n", Cancellation);
        ProcessStartInfo start = new("bash", ["-c", "az() { bash \"$AZ\" \"$@\"; }; export -f az; bash \"$0\" prod", Repository.File("infra", "budget-start")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["AZ"] = folder.File("az");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, output.Trim());
    }
}
