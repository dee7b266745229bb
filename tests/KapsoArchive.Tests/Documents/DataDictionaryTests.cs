using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>The dictionary says what the schema says.</summary>
public sealed class DataDictionaryTests
{
    private const string Page = "docs/data-dictionary.md";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_match_the_schema()
    {
        string page = await File.ReadAllTextAsync(Repository.File(Page), Cancellation);

        await CheckedInText.ShouldBeAsync(Repository.File(Page), DataDictionary.Update(page), Cancellation);
    }

    [Fact]
    public void The_dictionary_states_its_schema_version() =>
        MarkdownPage.Of(Page).Text.ShouldContain($"Schema version {Datasets.SchemaVersion}.");
}
