using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Runs;

public sealed class FormatsTests
{
    [Theory]
    [InlineData("parquet", new[] { PartFormat.Parquet })]
    [InlineData("jsonl", new[] { PartFormat.Jsonl })]
    [InlineData("parquet,jsonl", new[] { PartFormat.Parquet, PartFormat.Jsonl })]
    [InlineData(" JSONL , Parquet, jsonl ,", new[] { PartFormat.Jsonl, PartFormat.Parquet })]
    public void Formats_are_read_in_any_case_with_spaces_and_repeats(string text, PartFormat[] formats) => Formats.Parse(text, "--format").ShouldBe(formats);

    [Theory]
    [InlineData("orc")]
    [InlineData("parquet,orc")]
    public void An_unknown_format_is_named_with_the_known_ones(string text) =>
        Should.Throw<SettingException>(() => Formats.Parse(text, "--format")).Message
            .ShouldBe("--format: there is no format \"orc\". Use parquet, jsonl, or several, separated by commas.");

    [Fact]
    public void An_export_can_be_csv_too() => Formats.Parse("csv,parquet", "--format", RunKind.Export).ShouldBe([PartFormat.Csv, PartFormat.Parquet]);

    [Fact]
    public void Pages_are_for_exports_only()
    {
        Formats.Parse("html", "--format", RunKind.Export).ShouldBe([PartFormat.Html]);
        Should.Throw<SettingException>(() => Formats.Parse("html", "Archive:Formats (environment Archive__Formats)")).Message
            .ShouldBe("Archive:Formats (environment Archive__Formats): only an export has the format \"html\". Use parquet, jsonl, or several, separated by commas.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void An_empty_list_of_formats_is_refused(string? text) =>
        Should.Throw<SettingException>(() => Formats.Parse(text, "Archive:Formats")).Message.ShouldStartWith("Archive:Formats is empty.");
}
