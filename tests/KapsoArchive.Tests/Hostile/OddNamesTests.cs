using System.Text;
using AngleSharp.Html.Parser;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Hostile;

/// <summary>Names and values that are JSON and no text, in every place of a record, against an export in every format.</summary>
public sealed class OddNamesTests : IDisposable
{
    private const string Plain = """{"id":"plain","message_type":"text","content":"a neighbour","created_at":"2026-03-02T09:00:00Z"}""";

    private static readonly string[] Odd = [@"\ud800", @"\udfff", @"a\ud83d", @"\ud83dx\ude00", @"\ude00\ud83d", @"\u0000", @"\u202e", @"\\ud800", @"\uD800"];

    private static readonly string[] Types =
        ["text", "image", "document", "location", "contacts", "interactive", "template", "reaction", "button", "order", "system", "unsupported", "new"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("html")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    [InlineData("parquet")]
    [InlineData("jsonl")]
    public async Task Half_a_surrogate_pair_in_any_name_or_value_fails_no_export(string format)
    {
        await using RawSource source = await RawSource.StartAsync();
        int number = 0;
        List<string> messages = [Plain];
        foreach (string odd in Odd)
        {
            messages.AddRange(Types.SelectMany(type => Places(odd).Select(place =>
                $$"""{"id":"m-{{number++}}","message_type":"{{type}}","created_at":"2026-03-02T09:00:00Z","direction":"inbound",{{place}}}""")));
        }

        source.Add("odd-names", messages, $$$"""{"id":"odd-names","\ud800":1,"kapso":{"\udfff":1,"contact_name":"\ud800"},"metadata":{"\ud83d":"\ud83d"}}""");
        await using var harness = new RunHarness(source.BaseUrl, new FolderStore(_folder.Path));

        Manifest manifest = await harness.ExportAsync(TimeRange.All, [Enum.Parse<PartFormat>(format, ignoreCase: true)], Cancellation);

        manifest.Status.ShouldBe("Succeeded", string.Join("; ", manifest.Incomplete.Select(i => i.Reason)));
        manifest.Totals.Rows.Added.ShouldBe(messages.Count);
        foreach (string page in Directory.EnumerateFiles(_folder.Path, "*.html", SearchOption.AllDirectories))
            new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(await File.ReadAllTextAsync(page, Encoding.UTF8, Cancellation)).Body!.TextContent.ShouldNotContain('\u202e');
    }

    [Fact]
    public async Task An_export_that_fails_at_any_file_leaves_no_file_and_no_folder()
    {
        await using RawSource source = await RawSource.StartAsync();
        source.Add("c-1", [Plain]);
        int failures = 0;
        for (int at = 1; at <= 8; at++)
        {
            var store = new FolderStore(_folder.File($"lake-{at}"));
            var failing = new FailingStore(store, at, recovers: true) { Counts = nameof(IStore.StageAsync) };
            await using var harness = new RunHarness(source.BaseUrl, failing);
            try
            {
                await harness.ExportAsync(TimeRange.All, [PartFormat.Html], Cancellation);
            }
            catch (StoreException)
            {
                failures++;
                Directory.GetFileSystemEntries(_folder.File($"lake-{at}/exports")).ShouldBeEmpty($"file {at}");
            }
        }

        failures.ShouldBeInRange(3, 7, "it fails at each of its files, and then no more");
    }

    /// <summary>A name or value in every place that a page or a table looks into.</summary>
    private static IEnumerable<string> Places(string odd) =>
    [
        $$$$"""
        "{{{{odd}}}}":1
        """,
        $$$$"""
        "content":"{{{{odd}}}}"
        """,
        $$$$"""
        "{{{{odd}}}}":{"{{{{odd}}}}":"{{{{odd}}}}"},"metadata":{"{{{{odd}}}}":1,"context":{"{{{{odd}}}}":1,"id":"{{{{odd}}}}"},"transcript":{"{{{{odd}}}}":"{{{{odd}}}}"},"errors":[{"{{{{odd}}}}":1,"title":"{{{{odd}}}}"}]}
        """,
        $$$$"""
        "message_type_data":{"{{{{odd}}}}":1,"text":"{{{{odd}}}}","name":{"{{{{odd}}}}":1},"body":{"{{{{odd}}}}":"x"},"contacts":[{"{{{{odd}}}}":1,"name":{"{{{{odd}}}}":1,"formatted_name":"{{{{odd}}}}"}}],"interactive":{"{{{{odd}}}}":1,"header":{"{{{{odd}}}}":1}},"button_reply":{"{{{{odd}}}}":1},"reaction":{"{{{{odd}}}}":1,"emoji":"{{{{odd}}}}","message_id":"{{{{odd}}}}"}}
        """,
        $$$$"""
        "message_type_data":{"a":[{"{{{{odd}}}}":[{"{{{{odd}}}}":"{{{{odd}}}}"}]}],"components":[{"{{{{odd}}}}":1,"parameters":[{"{{{{odd}}}}":1,"text":"{{{{odd}}}}"}]}],"language":{"{{{{odd}}}}":1},"product_items":[{"{{{{odd}}}}":1,"quantity":"{{{{odd}}}}"}]},"media_url":"https://a.example/{{{{odd}}}}?x={{{{odd}}}}","status":"{{{{odd}}}}","direction":"{{{{odd}}}}"
        """,
    ];
}
