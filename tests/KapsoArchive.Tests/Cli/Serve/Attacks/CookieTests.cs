using System.Net;
using KapsoArchive.Tests.Cli.Serve.Browser;
using Microsoft.Extensions.Time.Testing;

namespace KapsoArchive.Tests.Cli.Serve.Attacks;

/// <summary>What a session's cookie is worth, how long, and what a forged one is.</summary>
public sealed class CookieTests : PageTest
{
    private const string Name = "kapso-archive-session";
    private const string Planted = $"{Name}=planted-planted-planted-planted-planted-pl";

    [Fact]
    public async Task A_session_ends_after_twelve_hours_even_if_it_is_used()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using ServeHost server = await StartAsync(time: time);
        PageCaller caller = await SignedInAsync(server);
        for (int minutes = 30; minutes < 12 * 60; minutes += 30)
        {
            time.Advance(TimeSpan.FromMinutes(30));
            (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.OK, $"{minutes}");
        }

        time.Advance(TimeSpan.FromMinutes(30));
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await caller.PostAsync([], "/sign-out")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignedInAsync(server)).Cookie.ShouldNotBe(caller.Cookie);
    }

    [Fact]
    public async Task A_forged_cookie_gives_no_access()
    {
        await using ServeHost server = await StartAsync();
        string cookie = (await SignedInAsync(server)).Cookie!;
        string id = cookie[(Name.Length + 1)..];

        foreach (string forged in (string[])
        [
            $"{Name}=", Name, $"{Name}={Key}", $"{Name}={id[..^1]}", $"{Name}={id}x", $"{Name}={id.ToUpperInvariant()}", $"{Name}=\"{id}",
            $"x{Name}={id}", $"{Name}x={id}", $"{Name}=%00{id}",
            $"{Name}={new string('A', id.Length)}", $"{Name}={id},{id}", $"{Name} = ; {id}", new string(';', 2_000),
        ])
        {
            PageAnswer answer = await new PageCaller(server.Http) { Cookie = forged }.GetAsync();
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized, forged);
        }
    }

    [Fact]
    public async Task A_planted_session_id_is_replaced_at_sign_in()
    {
        await using ServeHost server = await StartAsync();
        var victim = new PageCaller(server.Http) { Cookie = Planted };

        await victim.SignInAsync(Key);

        victim.Cookie.ShouldNotBeNull().ShouldNotContain("planted");
        (await new PageCaller(server.Http) { Cookie = Planted }.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_in_again_ends_the_previous_session()
    {
        await using ServeHost server = await StartAsync();
        PageCaller caller = await SignedInAsync(server);
        string before = caller.Cookie!;

        await caller.SignInAsync(Key);

        caller.Cookie.ShouldNotBe(before);
        (await caller.GetAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await new PageCaller(server.Http) { Cookie = before }.GetAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
