using System.Globalization;
using System.Text;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Blobs;
using KapsoArchive.Core.Storage.Queues;
using KapsoArchive.Tests.Documents.Format;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>docs/format.md says what the program writes: each file has its path, each document its members or fields, and nothing besides.</summary>
public sealed class FormatDocumentTests(FormatArchives archives) : IClassFixture<FormatArchives>
{
    /// <summary>Paths that are there for a moment, or in large runs only.</summary>
    private static readonly string[] Rare =
    [
        "state: staging/.documents/<attempt>",
        "state: export-journal/<export_id>/commit.json",
        "state: journal/<run_id>/<entry>.<tag>.<document>.entries",
        "state: export-journal/<export_id>/<entry>.<tag>.<document>.entries",
        "data: messages/_delta_log/<version>.checkpoint.parquet",
        "data: conversations/_delta_log/<version>.checkpoint.parquet",
        "data: media/_delta_log/<version>.checkpoint.parquet",
    ];

    private static readonly string Text = File.ReadAllText(Repository.File("docs", "format.md"));

    private static readonly string Dictionary = File.ReadAllText(Repository.File("docs", "data-dictionary.md"));

    private static readonly FormatPage Page = new(Text, Dictionary);

    /// <summary>A change of the page that must be noticed, with what is said then.</summary>
    public static TheoryData<string, string, string> Falsehoods => new()
    {
        { "| `claims/<claim>.json` |", "| `claim/<claim>.json` |", "no path of the page" },
        { "| `token` | text | never |", "| `tokens` | text | never |", "token has no row" },
        { "| `token` | text | never |", "| `token` | whole number | never |", "token is String" },
        { "| `predecessor` | text | may be |", "| `predecessor` | text | never |", "predecessor is Null" },
        { "| `holder.purpose` | text | never | 2 |", "| `holder.purpose` | text | never | 2 | |\n| `holder.age` | whole number | never | 2 |", "holder.age is missing" },
        { "| `magic` | `magic KAIC` |", "| `magic` | `magic KAID` |", "does not begin with KAID" },
        { "| `version` | `byte 1–2` |", "| `version` | `byte 3` |", "is 2, and the page says 3" },
        { "| `conversations[].live` | `varint` |", "| `conversations[].live` | `int32` |", "byte" },
        { "| `blocks[].newest_created_at` | `int64?` |", "| `blocks[].newest_created_at` | `int64` |", "byte" },
        { "| `seal` | `sha256` |", "| `seal` | `uint64` |", "goes on at byte" },
        { "| `_media/<hh>/<sha256>.<ext>` |", "| `_media/<hh>/<sha256>` |", "no path of the page" },
        { "| `tried_seconds` | number |", "| `tried_seconds` | text |", "tried_seconds is Number" },
        { "| `add.size` | whole number |", "| `add.bytes` | whole number |", "add.size has no row" },
        { "| `media/_delta_log/<version>.json` |", "| `media/_delta_log/<part>.jso` |", "no path of the page" },
        { "| `files[].left.attempts` | `int32` |", "| `files[].left.attempts` | `int64` |", "byte" },
    };

    [Fact]
    public void Every_file_of_the_archives_has_a_documented_path_and_form()
    {
        string[] faults = [.. archives.Folders.SelectMany(folder => Faults(Page, folder, Datasets.SchemaVersion))];

        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_documented_path_and_member_occurs_in_the_archives()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        FormatFile[] files = [.. archives.Folders.SelectMany(FormatFile.All)];
        _ = files.SelectMany(file => Check(Page, file, Datasets.SchemaVersion, seen)).Count();

        Page.Paths.Where(path => !files.Any(file => file.Area == path.Area && path.Pattern.IsMatch(file.Name)))
            .Select(path => $"{path.Area}: {path.Path}").Except(Rare).ShouldBeEmpty();
        Page.Paths.SelectMany(path => Expected(path.Document)).Distinct().Except(seen).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("half-finished")]
    [InlineData("half-published")]
    [InlineData("half-committed")]
    public void Documents_of_an_earlier_version_match_their_description(string fixture) =>
        Faults(Page, Repository.File("tests", "KapsoArchive.Tests", "Fixtures", "schema2", fixture), schema: 2)
            .Where(fault => !fault.Contains("listing: before byte 1 of", StringComparison.Ordinal)) // A reading of an earlier version: read anew.
            .ShouldBeEmpty();

    [Fact]
    public void The_examples_match_their_tables()
    {
        List<string> faults = [];
        List<string> lacking = [];
        foreach (FormatDocument document in Page.Documents.Values)
        {
            if (document.Examples.Count == 0 && (document.Members.Count > 0 || document.Fields.Count > 0))
                lacking.Add(document.Heading);
            foreach ((string language, string example) in document.Examples)
                faults.AddRange(CheckExample(document, language, example).Select(fault => $"{document.Heading}: {fault}"));
        }

        faults.ShouldBeEmpty();
        lacking.ShouldBeEmpty("documents without an example");
    }

    [Fact]
    public void A_queue_message_matches_its_description()
    {
        RunMessage[] messages = [new("20261122T020000Z-1a2b3c4d", RunKind.Export), new(null, RunKind.Archive), new(null, RunKind.Archive, "timer")];

        messages.SelectMany(message => CheckJson(Page.Documents["queue-message"], message.ToJson())).ShouldBeEmpty();
    }

    [Fact]
    public void The_documented_media_types_are_those_of_the_blobs() =>
        Page.MediaTypes.Select(row => (row.Extension, row.MediaType)).ShouldAllBe(row => ContentTypes.Of($"name{row.Extension}") == row.MediaType);

    [Theory]
    [MemberData(nameof(Falsehoods))]
    public void A_wrong_description_is_noticed(string truth, string falsehood, string said)
    {
        Text.ShouldContain(truth);
        var page = new FormatPage(Text.Replace(truth, falsehood, StringComparison.Ordinal), Dictionary);

        archives.Folders.SelectMany(folder => Faults(page, folder, Datasets.SchemaVersion)).ShouldContain(fault => fault.Contains(said));
    }

    /// <summary>The members that some document must have: those that are never left out, and do not lie below one that is.</summary>
    private static IEnumerable<string> Expected(FormatDocument document)
    {
        string[] optional = [.. document.Members.Where(m => m.IsOptional || m.Path == FormatMember.Others).Select(m => m.Path)];
        return document.Members
            .Where(m => !optional.Any(o => m.Path == o || m.Path.StartsWith($"{o}.", StringComparison.Ordinal) || m.Path.StartsWith($"{o}[]", StringComparison.Ordinal)))
            .Select(m => $"{document.Heading}: {m.Path}");
    }

    private static IEnumerable<string> Faults(FormatPage page, string folder, int schema) =>
        FormatFile.All(folder).SelectMany(file => Check(page, file, schema, new HashSet<string>(StringComparer.Ordinal)));

    private static IEnumerable<string> Check(FormatPage page, FormatFile file, int schema, HashSet<string> seen)
    {
        FormatPath[] paths = [.. page.Paths.Where(path => path.Area == file.Area && path.Pattern.IsMatch(file.Name))];
        if (paths is not [{ Document: { } document }])
            return [$"{file.Area}: {file.Name}: {(paths.Length == 0 ? "no path of the page" : "several paths of the page")}"];
        return CheckContent(page, document, file, schema, seen).Select(fault => $"{file.Area}: {file.Name}: {fault}");
    }

    private static IEnumerable<string> CheckContent(FormatPage page, FormatDocument document, FormatFile file, int schema, HashSet<string> seen)
    {
        if (document.Fields.Count > 0)
            return FormatBinary.Check(document, page.Documents, file.Bytes()) is { } fault ? [fault] : [];
        if (document.Members.Count == 0)
            return FormatMagic.Check(file) is { } odd ? [odd] : [];
        HashSet<string> members = new(StringComparer.Ordinal);
        string[] faults = [.. file.JsonDocuments().SelectMany(json => FormatJson.Check(document, json, schema, members))];
        seen.UnionWith(members.Select(member => $"{document.Heading}: {member}"));
        return faults.Distinct();
    }

    private static IEnumerable<string> CheckExample(FormatDocument document, string language, string example) => language switch
    {
        "hex" => FormatBinary.Check(document, Page.Documents, Dump(example)) is { } fault ? [fault] : [],
        "jsonl" => example.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => CheckJson(document, line)),
        _ => CheckJson(document, example),
    };

    private static IEnumerable<string> CheckJson(FormatDocument document, string json) =>
        FormatJson.Check(document, Encoding.UTF8.GetBytes(json), Datasets.SchemaVersion, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The bytes of lines that begin with their offset.</summary>
    private static byte[] Dump(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
            .Select(b => byte.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];
}
