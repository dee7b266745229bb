using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class MediaHostTests
{
    private const string Elsewhere = "https://app.kapso.ai";

    private static readonly SandboxMedia Distinct = new() { Duplicates = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_link_of_the_records_leads_to_the_file_that_the_truth_says()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        var attachments = sandbox.Media.Attachments().ToList();

        attachments.Count.ShouldBeGreaterThan(60);
        attachments.Select(attachment => attachment.File.ContentType).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            ["application/pdf", "audio/mpeg", "audio/ogg", "image/jpeg", "image/png", "image/webp", "text/vcard", "video/mp4"]);
        attachments.Select(attachment => attachment.File.Sha256).ShouldBeUnique();
        foreach (var attachment in attachments)
        {
            using var response = await sandbox.FollowAsync(attachment.Link);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);

            response.Content.Headers.ContentType!.MediaType.ShouldBe(attachment.File.ContentType);
            response.Content.Headers.ContentLength.ShouldBe(attachment.File.Length);
            response.Headers.ETag.ShouldNotBeNull();
            Convert.ToHexStringLower(SHA256.HashData(bytes)).ShouldBe(attachment.File.Sha256);
            sandbox.Media.RequestsOf(attachment.MessageId).ShouldBe(new SandboxMediaRequests(1, 1));
        }
        sandbox.Media.LinkRequests.ShouldBe(attachments.Count);
        sandbox.Media.StorageRequests.ShouldBe(attachments.Count);
        sandbox.Server.RequestCount.ShouldBe(0, "files are no requests of the API");
    }

    [Fact]
    public async Task The_records_differ_from_those_without_files_only_in_links_and_formats()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        var plain = new SandboxData(new() { Conversations = 4, Messages = 400 });
        string host = sandbox.Server.BaseUrl.GetLeftPart(UriPartial.Authority);
        int links = 0;

        for (int conversation = 0; conversation < plain.Conversations.Count; conversation++)
        {
            for (long index = 0; index < plain.Conversations[conversation].MessageCount; index++)
            {
                string before = Encoding.UTF8.GetString(plain.Record(conversation, index));
                string after = Encoding.UTF8.GetString(sandbox.Server.Data.Record(conversation, index));
                after.ShouldNotContain(Elsewhere);
                if (!before.Contains(Elsewhere, StringComparison.Ordinal)) after.ShouldBe(before);
                if (LinkIn(after) is not { } link) continue;
                links++;
                link.ShouldStartWith(host + "/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnt9fQ--");
                string content = JsonElement.Parse(after).GetProperty("content").GetString()!;
                if (content.Contains("URL: ", StringComparison.Ordinal)) content.ShouldEndWith("URL: " + link);
            }
        }
        links.ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_files_at_any_port()
    {
        await using var first = await MediaCaller.StartAsync(Distinct);
        await using var second = await MediaCaller.StartAsync(Distinct);

        var files = first.Media.Attachments().ToList();

        second.Media.Attachments().Select(attachment => (attachment.MessageId, attachment.File)).ShouldBe(files.Select(attachment => (attachment.MessageId, attachment.File)));
        second.Media.Attachments().First().Link.AbsolutePath.ShouldBe(files[0].Link.AbsolutePath);
    }

    [Fact]
    public async Task The_storage_service_listens_elsewhere_and_its_links_expire()
    {
        var time = MediaCaller.Clock();
        await using var sandbox = await MediaCaller.StartAsync(Distinct with { LinkLife = TimeSpan.FromMinutes(5) }, time: time);
        Uri storage = await sandbox.LocationAsync(sandbox.Media.LinkOf("m", "a.png"));

        storage.Authority.ShouldNotBe(sandbox.Server.BaseUrl.Authority);
        time.Advance(TimeSpan.FromMinutes(4));
        (await sandbox.BytesAsync(storage))[1..4].ShouldBe("PNG"u8.ToArray());
        time.Advance(TimeSpan.FromMinutes(2));
        using var expired = await sandbox.GetAsync(storage);

        expired.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        expired.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
        (await sandbox.BytesAsync(sandbox.Media.LinkOf("m", "a.png"))).Length.ShouldBeGreaterThan(100, "the link itself lives on");
    }

    [Fact]
    public async Task A_changed_storage_link_is_refused()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        string storage = (await sandbox.LocationAsync(sandbox.Media.LinkOf("m", "a.png"))).ToString();

        foreach (string changed in (string[])[storage.Replace("a.png", "b.png", StringComparison.Ordinal), storage.Replace("expires=", "expires=9", StringComparison.Ordinal), storage + "0", storage[..storage.IndexOf('?', StringComparison.Ordinal)]])
        {
            using var response = await sandbox.GetAsync(new Uri(changed));
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, changed);
        }
    }

    [Theory]
    [InlineData("/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnt9fQ--00/a.png")]
    [InlineData("/rails/active_storage/blobs/redirect/eyJfcmFpbHMiOnt9fQ--0000000000000000/a.exe")]
    [InlineData("/rails/active_storage/blobs/redirect/other--0000000000000000/a.png")]
    [InlineData("/rails/active_storage/blobs/redirect/")]
    public async Task What_is_no_link_is_not_found(string path)
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        using var response = await sandbox.GetAsync(new Uri(sandbox.Server.BaseUrl, path));
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        sandbox.Server.RequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_share_of_the_messages_has_the_same_files()
    {
        await using var sandbox = await MediaCaller.StartAsync(new() { Duplicates = 0.9 });

        var files = sandbox.Media.Attachments().ToList();

        files.Select(attachment => attachment.File.Sha256).Distinct().Count().ShouldBeInRange(files.Count / 10, files.Count / 2);
        await using var same = await MediaCaller.StartAsync(new() { Duplicates = 1 });
        same.Media.Attachments().Where(attachment => attachment.File.ContentType == "image/jpeg").Select(attachment => attachment.File.Sha256).Distinct().Count().ShouldBe(4);
    }

    [Theory]
    [InlineData("a.jpeg")]
    [InlineData("a.png")]
    [InlineData("a.webp")]
    [InlineData("a.ogg")]
    [InlineData("a.mp3")]
    [InlineData("a.mp4")]
    [InlineData("a.pdf")]
    [InlineData("a.vcf")]
    [InlineData("a.svg")]
    [InlineData("a.html")]
    [InlineData("a.bin")]
    public async Task Files_have_about_the_wanted_size(string name)
    {
        await using var sandbox = await MediaCaller.StartAsync(new() { Bytes = 100_000, BytesOf = new Dictionary<string, long> { ["large"] = 10_000_000 }, Duplicates = 0 });

        byte[] file = await sandbox.BytesAsync(sandbox.Media.LinkOf("m", name));
        byte[] large = await sandbox.BytesAsync(sandbox.Media.LinkOf("large", name));

        file.Length.ShouldBeInRange(99_000, 100_000);
        large.Length.ShouldBeInRange(9_990_000, 10_000_000);
        sandbox.Media.FileOf(sandbox.Media.LinkOf("large", name)).ShouldBe(new SandboxFile(sandbox.Media.FileOf(sandbox.Media.LinkOf("m", name))!.ContentType, large.Length, Convert.ToHexStringLower(SHA256.HashData(large))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150_000)]
    public async Task A_PDF_says_where_its_objects_are(long bytes)
    {
        await using var sandbox = await MediaCaller.StartAsync(new() { Bytes = bytes });
        string pdf = Encoding.ASCII.GetString(await sandbox.BytesAsync(sandbox.Media.LinkOf("m", "a.pdf")));

        pdf.ShouldStartWith("%PDF-1.4\n");
        pdf.ShouldEndWith("\n%%EOF\n");
        int table = int.Parse(pdf[(pdf.LastIndexOf("startxref\n", StringComparison.Ordinal) + 10)..^7], CultureInfo.InvariantCulture);
        string[] lines = pdf[table..].Split('\n');
        lines[..3].ShouldBe(["xref", "0 6", "0000000000 65535 f "]);
        for (int number = 1; number <= 5; number++)
            pdf[int.Parse(lines[2 + number][..10], CultureInfo.InvariantCulture)..].ShouldStartWith($"{number} 0 obj\n");
        pdf.ShouldContain($"<</Length {pdf.IndexOf("\nendstream", StringComparison.Ordinal) - pdf.IndexOf("stream\n", StringComparison.Ordinal) - 7}>>stream");
    }

    [Fact]
    public async Task A_late_link_appears_when_it_is_shown()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct with { LateLinks = 1 });
        var early = sandbox.Media.Attachments().Select(attachment => attachment.MessageId).ToList();
        string[] hidden = [.. Records(sandbox).Where(record => record.Contains("\"direction\":\"outbound\"", StringComparison.Ordinal) && record.Contains(" attached", StringComparison.Ordinal))];

        hidden.ShouldNotBeEmpty();
        hidden.ShouldAllBe(record => record.Contains("\"media_url\":null", StringComparison.Ordinal) && !record.Contains("URL: ", StringComparison.Ordinal));
        sandbox.Media.ShowsLateLinks = true;

        sandbox.Media.Attachments().Count().ShouldBe(early.Count + hidden.Length);
        Records(sandbox).ShouldNotContain(record => record.Contains(" attached", StringComparison.Ordinal) && record.Contains("\"media_url\":null", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_are_signed_anew_for_the_same_file_and_the_old_ones_can_die()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        var before = sandbox.Media.Attachments().ToList();

        sandbox.Media.Generation = 2;
        var after = sandbox.Media.Attachments().ToList();

        after.Select(attachment => (attachment.MessageId, attachment.File)).ShouldBe(before.Select(attachment => (attachment.MessageId, attachment.File)));
        after.Select(attachment => attachment.Link).Intersect(before.Select(attachment => attachment.Link)).ShouldBeEmpty();
        (await sandbox.BytesAsync(before[0].Link)).ShouldBe(await sandbox.BytesAsync(after[0].Link));
        sandbox.Media.RequestsOf(before[0].MessageId).ShouldBe(new SandboxMediaRequests(2, 2));
        sandbox.Media.OldLinksAreDead = true;
        using var dead = await sandbox.GetAsync(before[0].Link);
        dead.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await sandbox.BytesAsync(after[0].Link)).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task One_message_gets_another_link_without_another_updated_at()
    {
        await using var sandbox = await MediaCaller.StartAsync(Distinct);
        var attachment = sandbox.Media.Attachments().First();
        var listing = sandbox.Server.Listings.Moving(attachment.ConversationId);
        Uri link = sandbox.Media.LinkOf(attachment.MessageId, Path.GetFileName(attachment.Link.AbsolutePath), generation: 1);

        listing.Link(attachment.MessageId, link).ShouldBeTrue();
        listing.Link("unknown", link).ShouldBeFalse();

        sandbox.Media.Attachments().Single(other => other.MessageId == attachment.MessageId).ShouldBe(attachment with { Link = link });
        var versions = listing.Truth.VersionsOf(attachment.MessageId).Select(version => JsonElement.Parse(version.Record.Span).GetProperty("updated_at").GetString()).ToList();
        versions.Count.ShouldBe(2);
        versions.Distinct().ShouldHaveSingleItem();
        listing.Link(attachment.MessageId, null).ShouldBeTrue();
        sandbox.Media.Attachments().ShouldNotContain(other => other.MessageId == attachment.MessageId);
    }

    [Fact]
    public async Task Without_media_nothing_is_served_and_the_links_lead_elsewhere()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Conversations = 2, Messages = 50 });

        sandbox.Server.Media.ShouldBeNull();
        (await sandbox.ControlAsync(HttpMethod.Get, "media")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await sandbox.ReadAllAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0]), 100)).ShouldContain(record => record.Contains(Elsewhere, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Records(MediaCaller sandbox) => sandbox.Server.Listings.Records().Select(record => Encoding.UTF8.GetString(record.Record.Span));

    private static string? LinkIn(string record) =>
        JsonElement.Parse(record).TryGetProperty("media_url", out var link) ? link.GetString() : null;
}
