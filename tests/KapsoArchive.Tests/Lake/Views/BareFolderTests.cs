using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake.Views;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>
/// A dataset's folder has more than its partitions: the log of a Delta table, whose checkpoints are Parquet too. So no script, document
/// or program reads the folder itself, or whatever lies in it.
/// </summary>
public sealed partial class BareFolderTests
{
    private static readonly string[] Documents = [".md", ".ipynb", ".sql", ".yml", ".py"];

    public static TheoryData<LakeEngine> Engines => ViewScriptTests.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void No_script_reads_a_bare_folder(LakeEngine engine)
    {
        string script = ViewScript.For(engine, new LakeLocation("https://account.blob.core.windows.net/kapso-archive"));

        Bare(script).ShouldBeEmpty();
        script.ShouldContain(engine is LakeEngine.Databricks or LakeEngine.Fabric ? "/messages`" : "/messages/snapshot_date=*");
    }

    [Fact]
    public void No_document_reads_a_bare_folder()
    {
        string[] files = [Repository.File("README.md"), Repository.File("CONTRIBUTING.md"), .. Directory.EnumerateFiles(Repository.File("docs"), "*", SearchOption.AllDirectories)
            .Where(file => Documents.Contains(Path.GetExtension(file)))];

        files.SelectMany(file => Bare(File.ReadAllText(file)).Select(read => $"{Path.GetRelativePath(Repository.Root, file)}: {read}")).ShouldBeEmpty();
        files.Length.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void No_code_reads_a_bare_folder() =>
        Directory.EnumerateFiles(Repository.File("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Pattern().Matches(File.ReadAllText(file)).Select(m => $"{Path.GetRelativePath(Repository.Root, file)}: {m.Value}")).ShouldBeEmpty();

    [Theory]
    [InlineData("spark.read.parquet(f\"{lake}/messages\")", true)]
    [InlineData("spark.read.parquet(\"Files/messages/\")", true)]
    [InlineData("SELECT * FROM parquet.`abfss://c@a.dfs.core.windows.net/media`", true)]
    [InlineData("USING parquet OPTIONS (path 'file:/lake/conversations')", true)]
    [InlineData("read_parquet('lake/messages/*/*.parquet')", true)]
    [InlineData("read_json('lake/messages_jsonl/*/*.jsonl.gz')", true)]
    [InlineData("FROM delta.`abfss://c@a.dfs.core.windows.net/media`", false)]
    [InlineData("spark.read.format(\"delta\").load(\"abfss://c@a/messages\")", false)]
    [InlineData("path 'file:/lake/messages/snapshot_date=*', basePath 'file:/lake/messages'", false)]
    [InlineData("read_parquet('lake/messages/snapshot_date=*/*.parquet')", false)]
    public void A_bare_folder_is_recognized(string code, bool isBare) => Bare(code).Any().ShouldBe(isBare);

    private static IEnumerable<string> Bare(string text) =>
        Pattern().Matches(text).Concat(Named().Matches(text).Where(m => !Delta().IsMatch(text[..m.Index][Math.Max(0, m.Index - 60)..]))).Select(m => m.Value);

    /// <summary>A pattern for whatever lies in a dataset's folder. (An export has no partitions, and no log.)</summary>
    [GeneratedRegex(@"/(?:messages|messages_jsonl|conversations|media)/\*[^'""`\s]*")]
    private static partial Regex Pattern();

    /// <summary>The folder itself, as the end of a quoted path. The HTTP API has paths of such names.</summary>
    [GeneratedRegex(@"(?<quote>['""`])(?![^'""`\n]*/api/)[^'""`\s]+/(?:messages|messages_jsonl|conversations|media)/?\k<quote>")]
    private static partial Regex Named();

    /// <summary>What precedes the folder of a Delta table, and the base of the partitions that are read.</summary>
    [GeneratedRegex(@"(?:delta\.|basePath""?,?\s*f?|format\(""delta""\)\s*\.load\(f?|table = f?|table_location => |DataLake\()\z")]
    private static partial Regex Delta();
}
