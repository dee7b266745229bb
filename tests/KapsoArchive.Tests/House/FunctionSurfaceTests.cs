using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>The function app, read from its sources, for its packages are not to be had everywhere: it offers what the API describes, and nothing in it needs a test of its own.</summary>
public sealed partial class FunctionSurfaceTests
{
    private static readonly string[] Sources =
        [.. Directory.EnumerateFiles(Repository.File("src", "KapsoArchive.Functions"), "*Functions.cs").Order(StringComparer.Ordinal).Select(file => Comment().Replace(File.ReadAllText(file), ""))];

    private static readonly Match[] Functions = [.. Sources.SelectMany(source => Function().Matches(source))];

    private const string PageRoute = "ui";

    private static readonly string[] TriggersOfRuns = ["NightlyArchive", "ExecuteRun", "ResumeRuns", "FailPoisonedRun"];

    [Fact]
    public void Every_function_is_inspected()
    {
        Functions.Length.ShouldBe(Sources.Sum(source => FunctionAttribute().Count(source)));
        Functions.Select(f => f.Groups["name"].Value).ShouldBeUnique();
        Functions.Select(f => f.Groups["name"].Value).Where(TriggersOfRuns.Contains).ShouldBe(TriggersOfRuns, ignoreOrder: true);
    }

    [Fact]
    public void Every_operation_of_the_API_is_one_function_with_its_method_and_route()
    {
        string prefix = Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!;

        Http().Select(f => $"{f.Method} /{prefix}/{f.Route.Replace("{*", "{")}").ShouldBe(Operations().Select(o => o.Operation), ignoreOrder: true);
    }

    [Fact]
    public void The_HTML_pages_are_two_functions_behind_a_key() => Pages().ShouldBe([("get", "ui", "Function"), ("post", "ui", "Function")], ignoreOrder: true);

    [Fact]
    public void Health_needs_no_key_and_everything_else_does()
    {
        foreach ((string operation, bool isOpen) in Operations())
        {
            string level = Http().Single(f => $"{f.Method} /api/{f.Route.Replace("{*", "{")}" == operation).Level;

            level.ShouldBe(isOpen ? "Anonymous" : "Function", operation);
            operation.Contains("/health/").ShouldBe(isOpen, operation);
        }
    }

    [Fact]
    public void Only_a_file_path_accepts_slashes() => Http().Where(f => f.Route.Contains('*')).ShouldHaveSingleItem().Route.ShouldBe("exports/{id}/files/{*path}");

    [Theory]
    [InlineData("NightlyArchive", "TimerTrigger(\"%ArchiveSchedule%\")")]
    [InlineData("ExecuteRun", "QueueTrigger(RunMessage.QueueName)")]
    [InlineData("ResumeRuns", "TimerTrigger(\"0 */10 * * * *\", RunOnStartup = true)")]
    [InlineData("FailPoisonedRun", "QueueTrigger(RunMessage.PoisonQueueName)")]
    public void Triggers_start_carry_out_and_give_up_runs(string name, string trigger) => Named(name).Groups["parameters"].Value.ShouldStartWith($"[{trigger}] ");

    [Fact]
    public void The_queues_are_those_of_the_contract() => (RunMessage.QueueName, RunMessage.PoisonQueueName).ShouldBe(("archive-runs", $"{RunMessage.QueueName}-poison"));

    [Fact]
    public void No_function_does_more_than_call_the_API_or_the_core()
    {
        foreach (Match function in Functions)
        {
            string name = function.Groups["name"].Value;
            string body = function.Groups["body"].Value;

            Call().IsMatch(body).ShouldBeTrue($"{name} is one call: {body}");
            Logic().IsMatch(body).ShouldBeFalse($"{name} decides nothing: {body}");
        }

        foreach (string source in Sources)
        {
            Statement().Matches(source).ShouldBeEmpty("no method has a body of statements, no class a field");
            Regex.Count(source, "=>", RegexOptions.NonBacktracking).ShouldBe(FunctionAttribute().Count(source), "there is no member but the functions");
        }
    }

    [Fact]
    public void The_host_has_time_for_a_slice_and_one_run_at_once()
    {
        JsonElement queues = Host.GetProperty("extensions").GetProperty("queues");

        queues.GetProperty("batchSize").GetInt32().ShouldBe(1);
        queues.GetProperty("newBatchThreshold").GetInt32().ShouldBe(0);
        queues.GetProperty("maxDequeueCount").GetInt32().ShouldBe(5);
        queues.GetProperty("messageEncoding").GetString().ShouldBe("base64");
        Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString().ShouldBe("api");
        TimeSpan timeout = TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);
        timeout.ShouldBe(TimeSpan.FromMinutes(10));
        new ArchiveOptions().SliceDuration.ShouldBeLessThan(timeout);
    }

    [Fact]
    public void Sampling_drops_no_outcome_of_a_run() =>
        Host.GetProperty("logging").GetProperty("applicationInsights").GetProperty("samplingSettings").GetProperty("excludedTypes").GetString()!.Split(';').ShouldBe(["Event", "Exception", "Request", "Trace"], ignoreOrder: true);

    [Fact]
    public void The_sample_names_existing_settings()
    {
        Dictionary<string, Type> sections = new() { [KapsoOptions.Section] = typeof(KapsoOptions), [ArchiveOptions.Section] = typeof(ArchiveOptions) };
        string[] others = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "ArchiveSchedule"];
        string[] names = [.. Read("local.settings.sample.json").GetProperty("Values").EnumerateObject().Select(p => p.Name)];

        others.Except(names).ShouldBeEmpty("the host does not start without them");
        foreach (string name in names.Except(others))
        {
            string[] parts = name.Split("__");
            sections.Keys.ShouldContain(parts[0], name);
            sections[parts[0]].GetProperty(parts[1], BindingFlags.Public | BindingFlags.Instance).ShouldNotBeNull(name);
            parts.Length.ShouldBe(2, name);
        }
    }

    [Fact]
    public void The_portable_filter_has_every_project_except_the_function_app()
    {
        IEnumerable<string> all = Project().Matches(File.ReadAllText(Repository.File("KapsoArchive.sln"))).Select(m => m.Groups["file"].Value.Replace('\\', '/'));
        // What infra/tool restores is a program, and no project of the solution.
        IEnumerable<string> files = ((string[])["src", "tests"]).SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.csproj", SearchOption.AllDirectories)).Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'));
        JsonElement solution = Read("KapsoArchive.Portable.slnf").GetProperty("solution");
        const string App = "src/KapsoArchive.Functions/KapsoArchive.Functions.csproj";

        all.ShouldBe(files, ignoreOrder: true);
        solution.GetProperty("path").GetString().ShouldBe("KapsoArchive.sln");
        solution.GetProperty("projects").EnumerateArray().Select(p => p.GetString()!.Replace('\\', '/')).Append(App).ShouldBe(all, ignoreOrder: true);
    }

    private static JsonElement Host => Read("host.json");

    private static JsonElement Read(params string[] file) => JsonElement.Parse(File.ReadAllBytes(Repository.File(file)));

    private static Match Named(string name) => Functions.Single(f => f.Groups["name"].Value == name);

    /// <summary>The API's functions.</summary>
    private static (string Method, string Route, string Level)[] Http() => [.. OverHttp().Where(f => f.Route != PageRoute)];

    private static (string Method, string Route, string Level)[] Pages() => [.. OverHttp().Where(f => f.Route == PageRoute)];

    private static (string Method, string Route, string Level)[] OverHttp() =>
    [
        .. Functions.Where(f => !TriggersOfRuns.Contains(f.Groups["name"].Value)).Select(f =>
        {
            Match trigger = HttpTrigger().Match(f.Groups["parameters"].Value);
            trigger.Success.ShouldBeTrue(f.Value);
            return (trigger.Groups["method"].Value, trigger.Groups["route"].Value, trigger.Groups["level"].Value);
        }),
    ];

    private static (string Operation, bool IsOpen)[] Operations() =>
    [
        .. Read("src", "KapsoArchive.Api", "openapi.json").GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => ($"{o.Name} {path.Name}", o.Value.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0))),
    ];

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\[Function\(")]
    private static partial Regex FunctionAttribute();

    [GeneratedRegex("""\[Function\("(?<name>\w+)"\)\]\s+(\[FixedDelayRetry\([^\]]+\)\]\s+)?public (static )?(Task|Task<IResult>|IResult) \w+\(\s*(?<parameters>[^;]*?)\) =>\s*(?<body>[^;]+);""")]
    private static partial Regex Function();

    [GeneratedRegex("""^\[HttpTrigger\(AuthorizationLevel\.(?<level>\w+), "(?<method>\w+)", Route = "(?<route>[^"]+)"\)\] HttpRequest request""")]
    private static partial Regex HttpTrigger();

    /// <summary>One method, of a handler in hand or of a service, with names as its arguments.</summary>
    [GeneratedRegex(@"^(?:\w+|services\.GetRequiredService<\w+>\(\))\.\w+\(([\w.]+(, [\w.]+)*)?\)$")]
    private static partial Regex Call();

    [GeneratedRegex(@"\?|&&|\|\||==|!=|\b(?:if|await|new|switch|is|throw)\b")]
    private static partial Regex Logic();

    [GeneratedRegex(@"^\s{4,}(?:return|if|var|await|try|for|foreach|while|private|protected|internal|static)\b", RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<file>[^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex Project();
}
