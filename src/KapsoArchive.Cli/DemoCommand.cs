using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Runs;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive demo</c>: the complete path from an API to a lake, within this program.</summary>
internal static class DemoCommand
{
    public static Task<int> ExecuteAsync(string folder, bool isQuiet, CancellationToken cancellationToken)
    {
        var tracker = new RunTracker();
        return Failure.ReportedAsync(
            async () =>
            {
                await using SandboxServer sandbox = await SandboxServer.StartAsync(
                    new SandboxOptions { Media = new() }, time: null, cancellationToken);
                await using CliServices services = CliServices.Create(
                [
                    new("Kapso:ApiKey", new SandboxOptions().ApiKey),
                    new("Archive:Media", "all"),
                    new("Kapso:BaseUrl", sandbox.BaseUrl.ToString()),
                    new("Archive:Destination", folder),
                    new("Archive:ConnectionString", null),
                ]);
                var request = new RunRequest
                { Conversations = ConversationSelection.All, Formats = [PartFormat.Parquet, PartFormat.Jsonl], Trigger = "cli" };
                Manifest manifest = await RunCommand.ShowProgressAsync(
                    isQuiet, tracker, () => services.Get<RunExecutor>().ExecuteAsync(request, tracker, cancellationToken));

                bool isComplete = manifest.Status == nameof(RunStatus.Succeeded);
                if (!isQuiet || !isComplete)
                {
                    var directory = await ConversationDirectory.OpenAsync(services.Store, cancellationToken);
                    ConversationList list = directory.List(text: null, outcome: null, ConversationOrder.Last, limit: 1);
                    ManifestPrint.Print(manifest, services.Store.Location);
                    await Terminal.SayAsync(NextSteps(folder, list.Conversations[0].PhoneNumber!));
                }

                return isComplete ? ExitCode.Complete : ExitCode.NotComplete;
            },
            json: false, cancellationToken, tracker: tracker);
    }

    private static string NextSteps(string folder, string number) => $"""
        Continue with:
          {ProgramName.ToType} conversations --lake "{folder}"
          {ProgramName.ToType} show "{number}" --lake "{folder}"
          {ProgramName.ToType} find invoice --lake "{folder}"
          {ProgramName.ToType} query "SELECT message_type, count(*) AS messages FROM messages_current GROUP BY ALL" --lake "{folder}"
          Kapso__ApiKey=YOUR_KEY {ProgramName.ToType} run --conversations all --out ./lake
          Kapso__ApiKey=YOUR_KEY {ProgramName.ToType} serve --out ./lake
          {(ProgramName.IsInClone ? "dotnet test --project tests/KapsoArchive.Tests" : $"{ProgramName.ToType} --help")}
        """;
}
