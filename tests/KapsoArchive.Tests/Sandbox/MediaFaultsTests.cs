using System.Net;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class MediaFaultsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<SandboxMediaFaultKind, bool> Both(params SandboxMediaFaultKind[] kinds) =>
        [.. kinds.SelectMany(kind => (TheoryDataRow<SandboxMediaFaultKind, bool>[])[new(kind, false), new(kind, true)])];

    public static TheoryData<SandboxMediaFaultKind, bool> Statuses() =>
        Both(SandboxMediaFaultKind.NotFound, SandboxMediaFaultKind.Gone, SandboxMediaFaultKind.Forbidden, SandboxMediaFaultKind.Unavailable);

    public static TheoryData<SandboxMediaFaultKind, bool> Cuts() => Both(SandboxMediaFaultKind.Truncated, SandboxMediaFaultKind.BrokenConnection);

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_fault_with_a_status_is_answered_at_the_link_or_behind_it(SandboxMediaFaultKind kind, bool atLink)
    {
        await using var sandbox = await MediaCaller.StartAsync(All(kind, atLink));
        Uri link = Link(sandbox);

        using var response = await sandbox.FollowAsync(link);

        response.StatusCode.ShouldBe(kind switch
        {
            SandboxMediaFaultKind.NotFound => HttpStatusCode.NotFound,
            SandboxMediaFaultKind.Gone => HttpStatusCode.Gone,
            SandboxMediaFaultKind.Forbidden => HttpStatusCode.Forbidden,
            _ => HttpStatusCode.ServiceUnavailable,
        });
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
        sandbox.Media.RequestsOf("m").ShouldBe(new SandboxMediaRequests(1, atLink ? 0 : 1));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_answer_breaks_off(SandboxMediaFaultKind kind, bool atLink)
    {
        await using var sandbox = await MediaCaller.StartAsync(All(kind, atLink));
        await Should.ThrowAsync<HttpRequestException>(() => sandbox.BytesAsync(Link(sandbox)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_of_the_length_is_declared_and_the_whole_file_is_sent(bool atLink)
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.LongerThanDeclared, atLink));
        Uri link = atLink ? Link(sandbox) : await sandbox.LocationAsync(Link(sandbox));
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(link.Host, link.Port, Cancellation);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {link.PathAndQuery} HTTP/1.1\r\nHost: {link.Authority}\r\n\r\n"), Cancellation);
        long length = sandbox.Media.FileOf(Link(sandbox))!.Length;

        byte[] answer = new byte[length];
        await stream.ReadExactlyAsync(answer, Cancellation);

        System.Text.Encoding.ASCII.GetString(answer).ShouldContain($"Content-Length: {length / 2}\r\n");
        (await sandbox.BytesAsync(link)).Length.ShouldBe((int)length / 2, "a client reads what is declared");
    }

    [Fact]
    public async Task A_stalled_answer_stops_halfway()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.Stalled));
        using var response = await sandbox.FollowAsync(Link(sandbox));
        long half = response.Content.Headers.ContentLength!.Value / 2;
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);

        await stream.ReadExactlyAsync(new byte[half], Cancellation);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => stream.ReadExactlyAsync(new byte[1], patience.Token).AsTask());
    }

    [Fact]
    public async Task An_endless_answer_has_no_length_and_goes_on()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.Endless));
        using var response = await sandbox.FollowAsync(Link(sandbox));
        response.Content.Headers.ContentLength.ShouldBeNull();
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);

        byte[] read = new byte[1 << 24];
        await stream.ReadExactlyAsync(read, Cancellation);

        read[..3].ShouldBe([0xFF, 0xD8, 0xFF]);
    }

    [Fact]
    public async Task A_file_may_come_without_its_length()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.Undeclared));
        using var response = await sandbox.FollowAsync(Link(sandbox));
        response.Content.Headers.ContentLength.ShouldBeNull();
        (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length.ShouldBe((int)sandbox.Media.FileOf(Link(sandbox))!.Length);
    }

    [Fact]
    public async Task The_type_is_wrong_or_a_page_comes_instead()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.WrongType));
        using var wrong = await sandbox.FollowAsync(Link(sandbox));
        sandbox.Media.Faults = All(SandboxMediaFaultKind.HtmlInstead).Faults;
        using var page = await sandbox.FollowAsync(Link(sandbox));

        wrong.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        (await wrong.Content.ReadAsByteArrayAsync(Cancellation))[..3].ShouldBe([0xFF, 0xD8, 0xFF]);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync(Cancellation)).ShouldContain("Sign in");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_leads_back_to_itself(bool atLink)
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.RedirectLoop, atLink));
        Uri link = atLink ? Link(sandbox) : await sandbox.LocationAsync(Link(sandbox));
        new Uri(link, await sandbox.LocationAsync(link)).ShouldBe(link);
    }

    [Fact]
    public async Task A_redirect_leads_to_a_private_address()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.RedirectToPrivate, atLink: true));
        var targets = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 100; i++) targets.Add((await sandbox.LocationAsync(sandbox.Media.LinkOf($"m{i}", "a.jpeg"))).Host);

        targets.ShouldContain("169.254.169.254");
        targets.ShouldContain("10.0.0.1");
        targets.ShouldContain("[::ffff:10.0.0.1]");
        sandbox.Media.Faults = sandbox.Media.Faults with { PrivateAddress = "https://192.168.7.7/x" };
        (await sandbox.LocationAsync(Link(sandbox))).AbsoluteUri.ShouldBe("https://192.168.7.7/x");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    public async Task A_link_redirects_as_often_as_wanted(int redirects)
    {
        await using var sandbox = await MediaCaller.StartAsync(new() { Faults = new() { Redirects = redirects } });
        (await sandbox.BytesAsync(Link(sandbox)))[..2].ShouldBe([0xFF, 0xD8]);
        sandbox.Media.RequestsOf("m").ShouldBe(new SandboxMediaRequests(1, redirects));
    }

    [Fact]
    public async Task A_slow_answer_comes_after_its_time()
    {
        var time = MediaCaller.Clock();
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.Slow), time: time);
        var answer = sandbox.BytesAsync(Link(sandbox));
        await Poll.UntilAsync(() => sandbox.Media.StorageRequests == 1);
        answer.IsCompleted.ShouldBeFalse();

        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return answer.IsCompleted;
        });

        (await answer)[..2].ShouldBe([0xFF, 0xD8]);
    }

    [Fact]
    public async Task A_link_fails_some_times_and_then_works()
    {
        await using var sandbox = await MediaCaller.StartAsync(All(SandboxMediaFaultKind.Unavailable) with { Faults = All(SandboxMediaFaultKind.Unavailable).Faults with { Times = 2 } });

        (await StatusAsync(sandbox, "m")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(sandbox, "m")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(sandbox, "m")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(sandbox, "other")).ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_share_of_the_links_fails_by_the_seed_and_in_any_order()
    {
        var shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Gone] = 0.2, [SandboxMediaFaultKind.Forbidden] = 0.3 };
        await using var sandbox = await MediaCaller.StartAsync(new() { Faults = new() { Shares = shares, AtLink = true, Redirects = 0 } });
        var first = new List<HttpStatusCode>();
        for (int i = 0; i < 200; i++) first.Add(await StatusAsync(sandbox, $"m{i}"));
        var again = new List<HttpStatusCode>();
        for (int i = 199; i >= 0; i--) again.Add(await StatusAsync(sandbox, $"m{i}"));

        again.AsEnumerable().Reverse().ShouldBe(first);
        first.Count(status => status == HttpStatusCode.Gone).ShouldBeInRange(20, 60);
        first.Count(status => status == HttpStatusCode.Forbidden).ShouldBeInRange(35, 85);
        sandbox.Media.Faults = sandbox.Media.Faults with { Seed = 2 };
        var other = new List<HttpStatusCode>();
        for (int i = 0; i < 200; i++) other.Add(await StatusAsync(sandbox, $"m{i}"));
        other.ShouldNotBe(first);
    }

    [Fact]
    public async Task Chosen_messages_and_single_links_fail()
    {
        await using var sandbox = await MediaCaller.StartAsync(new());
        Uri old = sandbox.Media.LinkOf("resigned", "a.jpeg");
        sandbox.Media.Faults = new() { Chosen = [new("m", SandboxMediaFaultKind.Gone), new(old.AbsoluteUri, SandboxMediaFaultKind.NotFound)] };

        (await StatusAsync(sandbox, "m")).ShouldBe(HttpStatusCode.Gone);
        (await StatusAsync(sandbox, "m", generation: 1)).ShouldBe(HttpStatusCode.Gone);
        (await StatusAsync(sandbox, "resigned")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(sandbox, "resigned", generation: 1)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(sandbox, "another")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Faults_and_links_are_set_while_the_sandbox_runs()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 2, Messages = 60, Media = new() });

        const string Faults = """{"shares":{"longer_than_declared":0.5},"chosen":[{"target":"m","kind":"html_instead"}],"seed":3,"times":2,"at_link":true,"redirects":2,"slow_seconds":1,"private_address":null}""";
        (await sandbox.ControlAsync(HttpMethod.Put, "media/faults", Faults)).ShouldBe((HttpStatusCode.OK, Faults));
        (await sandbox.ControlAsync(HttpMethod.Get, "media/faults")).Body.ShouldBe(Faults);
        (await sandbox.ControlAsync(HttpMethod.Put, "media", """{"generation":1,"old_links_are_dead":true}""")).Body
            .ShouldBe("""{"shows_late_links":false,"generation":1,"old_links_are_dead":true,"link_requests":0,"storage_requests":0}""");
        (await sandbox.ControlAsync(HttpMethod.Put, "media/faults", """{"redirects":51}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        sandbox.Server.Media!.Faults.Chosen.ShouldHaveSingleItem().ShouldBe(new SandboxMediaFault("m", SandboxMediaFaultKind.HtmlInstead));
        sandbox.Server.Media.Generation.ShouldBe(1);
        sandbox.Server.RequestCount.ShouldBe(0);
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Problem(new() { LinkLife = TimeSpan.Zero }).ShouldStartWith("Media.LinkLife must be above zero");
        Problem(new() { Bytes = -1 }).ShouldStartWith("Media.Bytes must be from 0");
        Problem(new() { Duplicates = 2 }).ShouldStartWith("Media.Duplicates must be from 0 to 1");
        Problem(new() { Faults = new() { Times = 0 } }).ShouldStartWith("times must be 1 or more");
        Problem(new() { Faults = new() { Shares = new Dictionary<SandboxMediaFaultKind, double> { [SandboxMediaFaultKind.Gone] = 1.5 } } }).ShouldStartWith("shares must each");
    }

    private static string Problem(SandboxMedia media) => Should.Throw<ArgumentException>(() => new SandboxData(new() { Media = media })).Message;

    private static SandboxMedia All(SandboxMediaFaultKind kind, bool atLink = false) =>
        new() { Faults = new() { Shares = new Dictionary<SandboxMediaFaultKind, double> { [kind] = 1 }, AtLink = atLink } };

    private static Uri Link(MediaCaller sandbox) => sandbox.Media.LinkOf("m", "a.jpeg");

    private static async Task<HttpStatusCode> StatusAsync(MediaCaller sandbox, string messageId, int generation = 0)
    {
        using var response = await sandbox.FollowAsync(sandbox.Media.LinkOf(messageId, "a.jpeg", generation));
        return response.StatusCode;
    }
}
