using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.FunctionsHost;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Functions;

/// <summary>Every function of the published app with its bindings, as the worker and the metadata file declare them.</summary>
[Collection(FunctionsTests.Name)]
public sealed class FunctionTableTests(FunctionsFixture fixture)
{
    private static readonly string[] Table =
    [
        "ActOnFrontDoor: httpTrigger authLevel=Function methods=post route=ui; answers",
        "CancelExport: httpTrigger authLevel=Function methods=delete route=exports/{id}; answers",
        "CreateExport: httpTrigger authLevel=Function methods=post route=exports; answers",
        "ExecuteRun: queueTrigger queueName=archive-runs",
        "FailPoisonedRun: queueTrigger queueName=archive-runs-poison",
        "GetExport: httpTrigger authLevel=Function methods=get route=exports/{id}; answers",
        "GetExportFile: httpTrigger authLevel=Function methods=get route=exports/{id}/files/{*path}; answers",
        "GetLatestSnapshot: httpTrigger authLevel=Function methods=get route=snapshots/latest; answers",
        "GetOpenApi: httpTrigger authLevel=Function methods=get route=openapi.json; answers",
        "GetRun: httpTrigger authLevel=Function methods=get route=runs/{id}; answers",
        "GetRunReport: httpTrigger authLevel=Function methods=get route=runs/{id}/report; answers",
        "ListConversations: httpTrigger authLevel=Function methods=get route=conversations; answers",
        "ListExports: httpTrigger authLevel=Function methods=get route=exports; answers",
        "ListMessages: httpTrigger authLevel=Function methods=get route=conversations/{id}/messages; answers",
        "ListRuns: httpTrigger authLevel=Function methods=get route=runs; answers",
        "Live: httpTrigger authLevel=Anonymous methods=get route=health/live; answers",
        "NightlyArchive: timerTrigger schedule=%ArchiveSchedule%",
        "Ready: httpTrigger authLevel=Anonymous methods=get route=health/ready; answers",
        "ResumeRuns: timerTrigger runOnStartup=true schedule=0 */10 * * * *",
        "SearchConversations: httpTrigger authLevel=Function methods=post route=conversations/search; answers",
        "ShowFrontDoor: httpTrigger authLevel=Function methods=get route=ui; answers",
        "StartRun: httpTrigger authLevel=Function methods=post route=runs; answers",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_worker_declares_these_functions() => ShouldBeTheTable((await FunctionsAsync()).Select(f => DeclaredFunction.Line(f.Name, f.Bindings)));

    [Fact]
    public async Task The_metadata_file_has_the_same_functions()
    {
        JsonArray functions = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(await PublishedApp.FolderAsync(Cancellation), "functions.metadata"), Cancellation))!.AsArray();

        ShouldBeTheTable(functions.Select(f => DeclaredFunction.Line((string)f!["name"]!, f["bindings"]!.AsArray().Select(b => b!.ToJsonString()))));
    }

    [Fact]
    public async Task Only_the_nightly_timer_is_retried_for_fifteen_minutes() =>
        (await FunctionsAsync()).Where(f => f.Retry is not null).Select(f => (f.Name, f.Retry)).ShouldBe([("NightlyArchive", new RetryPolicy(15, TimeSpan.FromMinutes(1)))]);

    [Fact]
    public void Each_API_operation_is_one_function_with_its_method_route_and_key()
    {
        IEnumerable<string> operations = JsonElement.Parse(File.ReadAllBytes(Repository.File("src", "KapsoArchive.Api", "openapi.json"))).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o =>
                $"authLevel={(IsOpen(o.Value) ? "Anonymous" : "Function")} methods={o.Name} route={path.Name["/api/".Length..].Replace("{path}", "{*path}")}"));
        string[] pages = ["authLevel=Function methods=get route=ui", "authLevel=Function methods=post route=ui"];

        Table.Where(line => line.Contains("httpTrigger")).Select(line => line[(line.IndexOf("httpTrigger ", StringComparison.Ordinal) + "httpTrigger ".Length)..^"; answers".Length])
            .ShouldBe(operations.Concat(pages), ignoreOrder: true);
    }

    private static void ShouldBeTheTable(IEnumerable<string> lines)
    {
        string[] found = [.. lines];
        found.Except(Table).ShouldBeEmpty("not in the table");
        Table.Except(found).ShouldBeEmpty("in the table alone");
        found.Length.ShouldBe(Table.Length);
    }

    private async Task<IReadOnlyList<FunctionDeclaration>> FunctionsAsync() => (await fixture.DoorAsync()).Host.Functions;

    private static bool IsOpen(JsonElement operation) => operation.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0;
}
