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
        ["KapsoArchive.Mcp"] = ["KapsoArchive.Core"],
        ["KapsoArchive.Functions"] = ["KapsoArchive.Api", "KapsoArchive.Core", "KapsoArchive.Telemetry"],
        ["KapsoArchive.Query"] = ["KapsoArchive.Core"],
        ["KapsoArchive.Cli"] =
            ["KapsoArchive.Api", "KapsoArchive.Core", "KapsoArchive.Mcp", "KapsoArchive.Query", "KapsoArchive.Sandbox", "KapsoArchive.Telemetry"],
    };

    /// <summary>
    /// Every room of the core, which is a folder, and the rooms that it may use; <c>docs/architecture.md</c> has the same table. Rooms
    /// stand below whatever uses them, so a cycle cannot be written down. All may use <c>Text</c> and <c>Telemetry</c>.
    /// </summary>
    private static readonly (string Room, string[] MayUse)[] Rooms =
    [
        ("Text", []),
        ("Telemetry", []),
        ("Settings", []),
        ("Network", []),
        ("Media", ["Network"]),
        ("Storage", []),
        ("Storage/Blobs", ["Storage"]),
        ("Storage/Folders", ["Storage"]),
        ("Lake", []),
        ("Lake/Records", ["Lake"]),
        ("Lake/Fingerprints", ["Lake"]),
        ("Lake/Parquet", ["Lake"]),
        ("Lake/Parts", ["Lake", "Lake/Records", "Lake/Parquet"]),
        ("Lake/Views", ["Lake"]),
        ("Storage/Queues", ["Storage", "Storage/Blobs", "Lake"]),
        ("Kapso", ["Settings"]),
        ("Messages", ["Lake", "Lake/Records", "Lake/Fingerprints"]),
        ("Pages", []),
        ("Pages/Conversations", ["Lake", "Lake/Parts", "Messages", "Pages"]),
        ("Archive", ["Storage", "Storage/Blobs", "Storage/Folders", "Lake", "Lake/Parts", "Kapso", "Media"]),
        ("Delta", ["Storage", "Lake", "Lake/Parquet", "Archive"]),
        ("Index", ["Storage", "Lake", "Lake/Records", "Lake/Fingerprints", "Lake/Parts", "Archive"]),
        ("Media/Waiting", ["Storage", "Lake", "Lake/Fingerprints", "Messages", "Media", "Archive", "Index"]),
        ("Sweeps", ["Lake", "Lake/Records", "Lake/Fingerprints", "Kapso", "Archive", "Index"]),
        ("Journal/Notes", ["Archive", "Storage", "Lake", "Index", "Sweeps"]),
        ("Journal", ["Lake/Fingerprints", "Storage", "Lake", "Lake/Records", "Kapso", "Archive", "Index", "Journal/Notes"]),
        ("Journal/Claims", ["Storage", "Lake", "Archive", "Journal"]),
        ("Runs/Discovery", ["Lake", "Lake/Records", "Lake/Fingerprints", "Kapso", "Archive", "Index", "Sweeps"]),
        ("Runs/Writing", ["Storage", "Lake", "Lake/Parts", "Archive", "Journal"]),
        ("Runs/Documents", ["Storage", "Lake", "Lake/Parts", "Messages", "Pages", "Pages/Conversations", "Archive", "Journal", "Runs/Writing"]),
        ("Runs/Reading",
            ["Storage", "Lake", "Lake/Records", "Lake/Fingerprints", "Kapso",
             "Archive", "Index", "Sweeps", "Journal/Notes", "Journal", "Media/Waiting"]),
        ("Runs/Fetching",
            ["Storage", "Lake", "Lake/Fingerprints", "Lake/Parts", "Kapso", "Media", "Media/Waiting", "Archive", "Index", "Journal", "Runs/Writing",
             "Runs/Reading"]),
        ("Runs",
            ["Storage", "Lake", "Lake/Records", "Lake/Fingerprints", "Lake/Parts", "Kapso", "Archive", "Index", "Delta", "Media/Waiting",
             "Sweeps", "Journal/Notes", "Journal", "Journal/Claims", "Runs/Discovery", "Runs/Writing", "Runs/Documents", "Runs/Reading",
             "Runs/Fetching"]),
        ("Inspection/Conversations", ["Storage", "Lake", "Archive", "Index"]),
        ("Inspection/Search",
            ["Storage", "Storage/Folders", "Lake", "Lake/Fingerprints", "Lake/Parts", "Messages", "Archive", "Inspection/Conversations"]),
        ("Inspection/Status", ["Storage", "Storage/Folders", "Lake", "Archive", "Journal", "Inspection/Conversations"]),
        ("Inspection/Histories", ["Storage", "Lake", "Lake/Parts", "Messages", "Pages", "Pages/Conversations", "Archive"]),
        ("Inspection/Verification",
            ["Storage", "Storage/Folders", "Lake", "Lake/Parts",
             "Archive", "Index", "Delta", "Journal/Notes", "Journal", "Journal/Claims"]),
        ("Dispatch",
            ["Network", "Storage", "Lake", "Storage/Queues", "Kapso", "Archive", "Journal", "Journal/Claims", "Runs/Reading", "Runs",
             "Inspection/Verification"]),
        ("Backups", ["Storage", "Lake", "Archive", "Index", "Delta", "Media/Waiting", "Journal/Notes", "Inspection/Verification"]),
        ("Inspection/Media", ["Storage", "Lake", "Lake/Parts", "Archive", "Media/Waiting"]),
        ("Inspection/Reports", ["Storage", "Lake", "Pages", "Archive", "Journal", "Inspection/Status", "Inspection/Verification"]),
        ("",
            ["Settings", "Network", "Media", "Storage", "Storage/Queues", "Archive", "Backups", "Runs",
             "Dispatch", "Inspection/Status", "Inspection/Histories", "Inspection/Verification", "Inspection/Reports"]),
    ];

    public static TheoryData<string> Projects => new(Directory.EnumerateDirectories(Repository.File("src")).Select(d => Path.GetFileName(d)));

    public static TheoryData<string> RoomNames => new(Rooms.Select(r => r.Room));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        XDocument file = XDocument.Load(Repository.File("src", project, $"{project}.csproj"));
        IEnumerable<string> references = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        references.Except(ProjectsMayUse[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_folder_of_the_core_is_in_the_table_of_rooms() =>
        HouseTree.Current.Sources(Core).Select(FolderOf).Distinct().Order().ShouldBe(Rooms.Select(r => r.Room).Order());

    [Fact]
    public void A_room_may_use_only_rooms_below_it()
    {
        string[] order = [.. Rooms.Select(r => r.Room)];

        foreach ((string room, string[] mayUse) in Rooms)
            mayUse.ShouldAllBe(used => Array.IndexOf(order, used) >= 0 && Array.IndexOf(order, used) < Array.IndexOf(order, room), room);
    }

    [Theory]
    [MemberData(nameof(RoomNames))]
    public void A_room_uses_only_the_rooms_in_its_row(string room)
    {
        IEnumerable<string> named = HouseTree.Current.Sources(Core).Where(f => FolderOf(f) == room)
            .SelectMany(f => CoreNamespace().Matches(Code(f)))
            .Select(m => m.Groups[1].Value.Replace('.', '/')).Where(n => Rooms.Any(r => r.Room == n));
        IEnumerable<string> compiled = Compiled.GetValueOrDefault(room, []);

        named.Concat(compiled).Distinct().Except([room, "Text", "Telemetry", .. Rooms.Single(r => r.Room == room).MayUse]).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_store_and_the_exporter_to_Azure_Monitor_name_Azure() =>
        Naming(AzureNamespace()).ShouldAllBe(file =>
            file.StartsWith("KapsoArchive.Core/Storage/") || file == "KapsoArchive.Telemetry/AzureMonitorExport.cs");

    [Fact]
    public void Only_what_sends_telemetry_names_OpenTelemetry() =>
        Naming(OpenTelemetryNamespace()).ShouldAllBe(file => file.StartsWith("KapsoArchive.Telemetry/") || file == "KapsoArchive.Functions/FunctionApp.cs");

    [Fact]
    public void Only_the_query_engine_names_DuckDB_NET() => Naming(DuckDbNamespace()).ShouldAllBe(file => file.StartsWith("KapsoArchive.Query/"));

    [Fact]
    public void Only_the_Parquet_file_writer_names_Parquet_Net() => Naming(ParquetNamespace()).ShouldAllBe(file => file.StartsWith("KapsoArchive.Core/Lake/Parquet/"));

    [Fact]
    public void The_core_names_no_console() => Naming(ConsoleNamespace()).ShouldAllBe(file => !file.StartsWith("KapsoArchive.Core/"));

    private const string Core = "KapsoArchive.Core";

    private static Dictionary<string, HashSet<string>> Compiled { get; } = HouseTree.Current.Graph.Rooms(Core);

    private static string FolderOf(string file) =>
        Path.GetDirectoryName(HouseTree.Current.NameOf(file)[Core.Length..].TrimStart('/'))!.Replace('\\', '/');

    /// <summary>The source files whose code, without comments, matches.</summary>
    private static List<string> Naming(Regex pattern)
    {
        List<string> files =
        [
            .. HouseTree.Current.Sources().Where(f => pattern.IsMatch(Code(f))).Select(HouseTree.Current.NameOf),
        ];
        files.ShouldNotBeEmpty("a rule that looks at nothing holds nothing");
        return files;
    }

    private static string Code(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\busing KapsoArchive\.Core\.([\w.]+);")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\busing Azure\b|\bAzure\.(Core|Storage|Identity)\b|\bRequestFailedException\b")]
    private static partial Regex AzureNamespace();

    [GeneratedRegex(@"\busing [\w.]*\bOpenTelemetry\b")]
    private static partial Regex OpenTelemetryNamespace();

    [GeneratedRegex(@"\busing Parquet\b|(?<!Lake\.)\bParquet\.(Schema|Meta|Data|File)\b|\bParquetWriter\b")]
    private static partial Regex ParquetNamespace();

    [GeneratedRegex(@"\bDuckDB\.NET\b")]
    private static partial Regex DuckDbNamespace();

    [GeneratedRegex(@"\bSystem\.Console\b|\bConsole\.(Out|Error|Write|Read)|\bSpectre\b")]
    private static partial Regex ConsoleNamespace();
}
