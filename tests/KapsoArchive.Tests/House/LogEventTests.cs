using System.Reflection;
using System.Text.RegularExpressions;
using KapsoArchive.Tests.Infrastructure;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.House;

/// <summary>Every message that is logged has a number of its own, by which it can be searched for, in its project's range.</summary>
public sealed partial class LogEventTests
{
    private static readonly Dictionary<string, (int First, int Last)> Ranges = new()
    {
        ["KapsoArchive.Core"] = (1, 299),
        ["KapsoArchive.Api"] = (300, 399),
        ["kapso-archive"] = (400, 499),
        ["KapsoArchive.Telemetry"] = (500, 599),
        ["KapsoArchive.Mcp"] = (700, 799),
    };

    private static readonly (string Assembly, string Name, int Id)[] Events =
    [
        .. from assembly in Ranges.Keys
           from type in Assembly.Load(assembly).GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (assembly, $"{type.Name}.{method.Name}", message.EventId),
    ];

    [Fact]
    public void Every_log_event_has_its_own_number() => Events.Select(e => e.Id).ShouldBeUnique();

    [Fact]
    public void Every_log_event_is_in_its_projects_range()
    {
        Events.Select(e => e.Assembly).Distinct().ShouldBe(Ranges.Keys, ignoreOrder: true);
        Events.Where(e => e.Id < Ranges[e.Assembly].First || e.Id > Ranges[e.Assembly].Last).ShouldBeEmpty();
    }

    /// <summary>The tests do not load the function app.</summary>
    [Fact]
    public void The_log_events_of_the_function_app_have_their_own_numbers_from_600_on()
    {
        int[] ids = [.. EventNumber().Matches(File.ReadAllText(Repository.File("src", "KapsoArchive.Functions", "FunctionLogs.cs"))).Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

        ids.ShouldNotBeEmpty();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id >= 600 && id <= 699);
    }

    [Fact]
    public void Everything_is_logged_through_log_events()
    {
        string[] files = [.. Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)];
        string[] sources = [.. files.Select(File.ReadAllText)];

        int ofFunctions = LoggerMessage().Count(File.ReadAllText(Repository.File("src", "KapsoArchive.Functions", "FunctionLogs.cs")));
        sources.Sum(source => LoggerMessage().Count(source)).ShouldBe(Events.Length + ofFunctions, "the sources hold no message that is not looked at here");
        files.Where((_, i) => LogCall().IsMatch(sources[i])).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\[LoggerMessage\((\d+)")]
    private static partial Regex EventNumber();

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(\s*(LogLevel|""|\$""|e,|exception,)")]
    private static partial Regex LogCall();
}
