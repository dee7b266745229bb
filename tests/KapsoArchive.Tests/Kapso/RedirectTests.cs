using KapsoArchive.Core.Kapso;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Kapso;

/// <summary>Where the key goes when the source points elsewhere. Real servers, because the framework's own handler would follow too.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_key_is_never_sent_to_another_host(int status)
    {
        await using LocalServer other = await LocalServer.StartAsync(AnswerPageAsync);
        await using LocalServer first = await LocalServer.StartAsync(context => RedirectAsync(context, status, other.BaseUrl.AbsoluteUri));
        await using TestSource source = TestSource.At(first.BaseUrl);

        KapsoException exception = await source.FailAsync();

        exception.Message.ShouldStartWith("Kapso:BaseUrl redirects ");
        exception.Message.ShouldContain(other.BaseUrl.Authority);
        other.Keys.ShouldBeEmpty();
        first.Keys.ShouldBe([TestSource.Key]);
    }

    [Theory]
    [InlineData("//127.0.0.2/api/v1/")]
    [InlineData("https://127.0.0.1/api/v1/")]
    [InlineData("javascript:alert(1)")]
    public async Task Another_scheme_or_host_is_another_address(string location)
    {
        await using LocalServer first = await LocalServer.StartAsync(context => RedirectAsync(context, 302, location));
        await using TestSource source = TestSource.At(first.BaseUrl);

        (await source.FailAsync()).Message.ShouldStartWith("Kapso:BaseUrl redirects ");
        first.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_is_followed_with_the_key()
    {
        await using LocalServer server = await LocalServer.StartAsync(context => context.Request.Path == "/moved"
            ? AnswerPageAsync(context)
            : RedirectAsync(context, 307, "/moved"));
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await source.GetPageAsync()).Records.Count.ShouldBe(1);
        server.Keys.ShouldBe([TestSource.Key, TestSource.Key]);
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using LocalServer server = await LocalServer.StartAsync(context => RedirectAsync(context, 302, context.Request.Path));
        await using TestSource source = TestSource.At(server.BaseUrl);

        (await source.FailAsync()).Message.ShouldStartWith("Kapso:BaseUrl redirects in a circle");
        server.Keys.Count.ShouldBe(6);
    }

    private static Task RedirectAsync(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private static Task AnswerPageAsync(HttpContext context) => context.Response.WriteAsync(Answers.PageJson, context.RequestAborted);
}
