using KapsoArchive.Core.Lake;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Documents;

/// <summary>The dictionary says what the schema says.</summary>
public sealed class DataDictionaryTests
{
    private const string Page = "docs/data-dictionary.md";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_tables_are_what_the_schema_makes_of_them()
    {
        string page = await File.ReadAllTextAsync(Repository.File(Page), Cancellation);

        await CheckedInText.ShouldBeAsync(Repository.File(Page), DataDictionary.Update(page), Cancellation);
    }

    [Fact]
    public void It_tells_the_version_of_the_schema_that_it_describes() =>
        MarkdownPage.Of(Page).Text.ShouldContain($"Schema version {Datasets.SchemaVersion}.");
}
