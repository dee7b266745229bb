using System.Text.RegularExpressions;
using System.Xml.Linq;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>The rule of the house, read from the sources: who may know whom.</summary>
public sealed partial class DependencyRuleTests
{
    private static readonly Dictionary<string, string[]> ProjectsMayUse = new()
    {
        ["KapsoArchive.Core"] = [],
        ["KapsoArchive.Sandbox"] = [],
        ["KapsoArchive.Api"] = ["KapsoArchive.Core"],
        ["KapsoArchive.Telemetry"] = ["KapsoArchive.Core"],
        ["KapsoArchive.Functions"] = ["KapsoArchive.Api", "KapsoArchive.Core", "KapsoArchive.Telemetry"],
        ["KapsoArchive.Cli"] = ["KapsoArchive.Api", "KapsoArchive.Core", "KapsoArchive.Sandbox", "KapsoArchive.Telemetry"],
    };

    /// <summary>Every folder may tell of what it does: the source of spans and the meter know nothing of who uses them.</summary>
    private static readonly Dictionary<string, string[]> CoreFoldersMayUse = new()
    {
        ["Telemetry"] = [],
        ["Kapso"] = ["Telemetry"],
        ["Lake"] = ["Telemetry"],
        ["Storage"] = ["Telemetry"],
        ["Pages"] = ["Lake"],
        ["Runs"] = ["Kapso", "Lake", "Pages", "Storage", "Telemetry"],
    };

    public static TheoryData<string> Projects => new(Directory.EnumerateDirectories(Repository.File("src")).Select(d => Path.GetFileName(d)));

    public static TheoryData<string> CoreFolders => new(Directory.EnumerateDirectories(Repository.File("src", "KapsoArchive.Core"))
        .Select(d => Path.GetFileName(d)).Where(n => n is not ("bin" or "obj")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        XDocument file = XDocument.Load(Repository.File("src", project, $"{project}.csproj"));
        IEnumerable<string> references = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        references.Except(ProjectsMayUse[project]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(CoreFolders))]
    public void A_folder_of_the_core_knows_only_those_that_it_may(string folder)
    {
        IEnumerable<string> known = Sources("KapsoArchive.Core", folder).SelectMany(s => CoreNamespace().Matches(s.Code)).Select(m => m.Groups[1].Value);

        known.Distinct().Except([folder, .. CoreFoldersMayUse[folder]]).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_store_the_queue_and_the_exporter_to_Azure_Monitor_name_Azure() =>
        Naming(AzureNamespace()).ShouldAllBe(file =>
            file.StartsWith("KapsoArchive.Core/Storage/") || file.StartsWith("KapsoArchive.Core/Runs/Queue/") || file == "KapsoArchive.Telemetry/AzureMonitorExport.cs");

    [Fact]
    public void Only_what_sends_telemetry_names_OpenTelemetry() =>
        Naming(OpenTelemetryNamespace()).ShouldAllBe(file => file.StartsWith("KapsoArchive.Telemetry/") || file == "KapsoArchive.Functions/Program.cs");

    [Fact]
    public void Only_the_Parquet_file_writer_names_Parquet_Net() => Naming(ParquetNamespace()).ShouldAllBe(file => file.StartsWith("KapsoArchive.Core/Lake/Parquet/"));

    [Fact]
    public void The_core_names_no_console() => Naming(ConsoleNamespace()).ShouldAllBe(file => !file.StartsWith("KapsoArchive.Core/"));

    private static List<string> Naming(Regex pattern)
    {
        List<string> files = [.. Directory.EnumerateDirectories(Repository.File("src")).SelectMany(d => Sources(Path.GetFileName(d))).Where(s => pattern.IsMatch(s.Code)).Select(s => s.Name)];
        files.ShouldNotBeEmpty("a rule that looks at nothing holds nothing");
        return files;
    }

    /// <summary>The source files of a project's folder, without their comments.</summary>
    private static IEnumerable<(string Name, string Code)> Sources(params string[] folder) =>
        Directory.EnumerateFiles(Repository.File(["src", .. folder]), "*.cs", SearchOption.AllDirectories)
            .Select(file => (
                Path.GetRelativePath(Repository.File("src"), file).Replace('\\', '/'),
                Comment().Replace(File.ReadAllText(file), "")));

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bKapsoArchive\.Core\.(\w+)")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\busing Azure\b|\bAzure\.(Core|Storage|Identity)\b|\bRequestFailedException\b")]
    private static partial Regex AzureNamespace();

    [GeneratedRegex(@"\busing [\w.]*\bOpenTelemetry\b")]
    private static partial Regex OpenTelemetryNamespace();

    [GeneratedRegex(@"\busing Parquet\b|(?<!Lake\.)\bParquet\.(Schema|Meta|Data|File)\b|\bParquetWriter\b")]
    private static partial Regex ParquetNamespace();

    [GeneratedRegex(@"\bSystem\.Console\b|\bConsole\.(Out|Error|Write|Read)|\bSpectre\b")]
    private static partial Regex ConsoleNamespace();
}
