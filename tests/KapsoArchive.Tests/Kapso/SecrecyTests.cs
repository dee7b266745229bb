using KapsoArchive.Core.Kapso;

namespace KapsoArchive.Tests.Kapso;

/// <summary>What must not be read in a log: the key, and what people wrote to each other.</summary>
public sealed class SecrecyTests
{
    private const string MessageText = "meet me at the old mill";

    [Theory]
    [InlineData(200, $$"""{"data":[{"id":"m1","content":"{{MessageText}}"}],"meta":{""")]
    [InlineData(200, $$"""{"data":"{{MessageText}}"}""")]
    [InlineData(200, $$"""{"data":[{{MessageText}}]}""")]
    [InlineData(200, $$"""{{MessageText}}""")]
    [InlineData(200, $$"""["{{MessageText}}"]""")]
    [InlineData(200, $$"""{"data":[{"id":"m1","content":"{{MessageText}} \q"}]}""")]
    [InlineData(401, $$"""{"error":"Key {{TestSource.Key}} is unknown"}""")]
    [InlineData(403, $$"""{"error":"Key {{TestSource.Key}} may not"}""")]
    [InlineData(404, $$"""{"error":"Nothing for {{TestSource.Key}}"}""")]
    [InlineData(422, $$"""{"error":"Bad header X-API-Key: {{TestSource.Key}}"}""")]
    [InlineData(400, $$"""{"error":{"message":"{{TestSource.Key}}"},"data":"{{MessageText}}"}""")]
    [InlineData(500, $$"""<pre>X-API-Key: {{TestSource.Key}} {{MessageText}}</pre>""")]
    public async Task No_exception_shows_the_key_or_a_message(int status, string body)
    {
        using ScriptedTransport transport = ScriptedTransport.Answering(Answers.Status(status, body));
        await using TestSource source = TestSource.Over(transport, maxRetries: 0);

        string shown = (await source.FailAsync()).ToString();

        shown.ShouldNotContain(TestSource.Key);
        shown.ShouldNotContain(MessageText);
    }

    [Fact]
    public async Task No_failed_connection_shows_the_key()
    {
        using var transport = new ScriptedTransport(_ => throw new HttpRequestException("refused", new IOException("reset")));
        await using TestSource source = TestSource.Over(transport, maxRetries: 0);

        KapsoException exception = await source.FailAsync();

        exception.Message.ShouldBe("The connection to Kapso failed: reset.");
        exception.ToString().ShouldNotContain(TestSource.Key);
    }

    [Fact]
    public void Logged_options_do_not_show_the_key() => Shown(new KapsoOptions { ApiKey = TestSource.Key }).ShouldNotContain(TestSource.Key);

    private static string Shown(object value) => value.ToString()!;
}
