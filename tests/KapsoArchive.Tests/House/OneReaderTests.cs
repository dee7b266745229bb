using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.House;

/// <summary>One reader of committed runs, and no decision by comparing sentences.</summary>
public sealed partial class OneReaderTests
{
    [Fact]
    public void Only_the_committed_run_reader_and_the_journals_commit_parse_manifests() =>
        FilesWith(ParsesManifest()).ShouldBe(["KapsoArchive.Core/Archive/StoredManifest.cs", "KapsoArchive.Core/Journal/JournalCommit.cs"]);

    [Fact]
    public void Only_the_committed_run_and_document_readers_open_message_parts() =>
        FilesWith(OpensParts()).ShouldBe(["KapsoArchive.Core/Archive/CommittedRun.cs", "KapsoArchive.Core/Runs/Documents/PartSet.cs"]);

    [Fact]
    public void Nothing_is_decided_by_comparing_prose() => FilesWith(ComparesProse()).ShouldBeEmpty();

    private static string[] FilesWith(Regex pattern) =>
        [.. HouseTree.Current.Sources().Where(f => pattern.IsMatch(File.ReadAllText(f))).Select(HouseTree.Current.NameOf).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\bManifest\.FromJson\(")]
    private static partial Regex ParsesManifest();

    [GeneratedRegex(@"\bPartReader\.\w+\(")]
    private static partial Regex OpensParts();

    [GeneratedRegex(@"(StartsWith|EndsWith|Contains|Equals)\(""[^""\n]* [^""\n]*""|(==|!=|\bis|Reason:) ""[^""\n]* [^""\n]*""")]
    private static partial Regex ComparesProse();
}
