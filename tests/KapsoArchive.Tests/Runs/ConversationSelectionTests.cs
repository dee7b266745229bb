using KapsoArchive.Core.Archive;

namespace KapsoArchive.Tests.Runs;

public sealed class ConversationSelectionTests
{
    private const string Setting = "Archive:Conversations";

    public static TheoryData<string> NoIds =>
    [
        "two words", "a/b", "../secrets", "..", ".", "tab\there", "nul\0", "esc\u001b[31m", "a?b=c", "a%2Fb", "conversación", "a\\b", new string('x', 129), new string('x', 10_000),
    ];

    [Theory]
    [MemberData(nameof(NoIds))]
    public void An_invalid_id_is_refused_with_its_position(string id)
    {
        var exception = Should.Throw<SettingException>(() => Listed("good", id));

        exception.Message.ShouldStartWith("--conversation: ");
        exception.Message.Length.ShouldBeLessThan(400);
        exception.Message.ShouldAllBe(c => !char.IsControl(c));
    }

    [Theory]
    [InlineData("3c90c3cc-0d44-4b50-8888-8dd25736052a")]
    [InlineData("123")]
    [InlineData("wamid.HBgL_x~1:2")]
    public void An_id_is_kept_unchanged(string id) => Listed(id).Ids.ShouldBe([id]);

    [Fact]
    public void An_id_of_maximum_length_is_accepted() => Listed(new string('x', 128)).Ids!.Count.ShouldBe(1);

    [Fact]
    public void Duplicates_are_counted_and_read_once_in_the_order_of_the_list()
    {
        ConversationSelection selection = Listed("b", "a", "b", "b", "A");

        selection.Ids.ShouldBe(["b", "a", "A"]);
        selection.Duplicates.ShouldBe(2);
    }

    [Fact]
    public void A_UUID_in_capitals_is_the_same_conversation()
    {
        ConversationSelection selection = Listed("3C90C3CC-0D44-4B50-8888-8DD25736052A", "3c90c3cc-0d44-4b50-8888-8dd25736052a");

        selection.Ids.ShouldBe(["3c90c3cc-0d44-4b50-8888-8dd25736052a"]);
        selection.Duplicates.ShouldBe(1);
    }

    [Theory]
    [InlineData("all")]
    [InlineData(" ALL ")]
    public void All_is_a_keyword(string text) => Parse(text).ShouldBeSameAs(ConversationSelection.All);

    [Fact]
    public void A_comma_separated_list_can_have_spaces_and_gaps() => Parse(" a, b ,,c,").Ids.ShouldBe(["a", "b", "c"]);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void An_empty_list_is_refused(string? text) =>
        Should.Throw<SettingException>(() => Parse(text)).Message.ShouldBe("Archive:Conversations lists no conversation. Give conversation ids, or \"all\".");

    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("\uFEFFa\nb")]
    [InlineData("# the first\n\n  a  # Ana\n\t\nb\n#c")]
    [InlineData("a,b")]
    public void A_file_can_have_comments_blank_lines_and_any_line_ends(string text) => Parse("@ids.txt", text).Ids.ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n")]
    [InlineData("\uFEFF")]
    public void An_empty_file_is_named(string text) =>
        Should.Throw<SettingException>(() => Parse("@ids.txt", text)).Message.ShouldStartWith("Archive:Conversations (ids.txt) lists no conversation.");

    [Fact]
    public void A_bad_line_is_named_by_its_number() =>
        Should.Throw<SettingException>(() => Parse("@ids.txt", "a\r\n# b\r\nc d")).Message.ShouldStartWith("Archive:Conversations, line 3 of ids.txt: \"c d\" is not a conversation id.");

    private static ConversationSelection Listed(params string[] ids) => ConversationSelection.Listed(ids.Select(id => (id, "--conversation")), "--conversation");

    private static ConversationSelection Parse(string? text, string? file = null) => ConversationSelection.Parse(text, Setting, name =>
    {
        name.ShouldBe("ids.txt");
        return file ?? throw new InvalidOperationException("No file was meant to be read.");
    });
}
