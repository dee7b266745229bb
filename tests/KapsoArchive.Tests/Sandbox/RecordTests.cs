using System.Text;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Sandbox;

public sealed class RecordTests
{
    private static readonly SandboxOptions Generated = new() { Conversations = 20, Messages = 20_000, IncludeSamples = false };

    [Fact]
    public void Every_record_is_a_JSON_object_in_valid_UTF8_on_one_line()
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        foreach (byte[] record in Records(Generated))
        {
            strict.GetString(record).ShouldNotContain("\n");
            JsonElement.Parse(record).ValueKind.ShouldBe(JsonValueKind.Object);
        }
    }

    [Fact]
    public void No_field_is_written_twice_and_no_two_records_share_an_id()
    {
        var ids = new HashSet<Guid>();
        foreach (byte[] record in Records(Generated))
        {
            var json = JsonElement.Parse(record);
            json.EnumerateObject().Select(field => field.Name).ShouldBeUnique();
            ids.Add(json.GetProperty("id").GetGuid()).ShouldBeTrue();
        }
        ids.Count.ShouldBe(20_000);
    }

    [Fact]
    public void All_documented_values_of_the_open_enums_appear()
    {
        var records = Records(Generated).Select(record => JsonElement.Parse(record)).ToList();

        Values(records, "message_type").ShouldBe(
            ["audio", "button", "contacts", "document", "image", "interactive", "location", "order", "reaction", "sticker", "system", "template", "text", "unsupported", "video"]);
        Values(records, "direction").ShouldBe(["inbound", "outbound"]);
        Values(records, "status").ShouldBe(["delivered", "failed", "pending", "read", "received", "sent"]);
        Values(records, "processing_status").ShouldBe(["blocked", "completed", "pending", "processed"]);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("phone_number")]
    [InlineData("media_url")]
    [InlineData("direction")]
    public void Some_fields_are_null(string field) =>
        Records(Generated).ShouldContain(record => IsNull(record, field));

    [Theory]
    [InlineData("metadata")]
    [InlineData("media_url")]
    [InlineData("processing_status")]
    [InlineData("message_type_data")]
    public void Some_fields_are_absent(string field) =>
        Records(Generated).ShouldContain(record => IsAbsent(record, field));

    [Fact]
    public void Emoji_and_accents_are_sent_unescaped()
    {
        var texts = Records(Generated).Select(Encoding.UTF8.GetString).ToList();
        texts.ShouldContain(text => text.Contains('ñ', StringComparison.Ordinal));
        texts.ShouldContain(text => text.Contains("👨‍👩‍👧", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_strictly_increase_with_the_index_and_end_at_the_last_activity()
    {
        var data = new SandboxData(Generated with { IncludeSamples = true });
        for (int conversation = 0; conversation < data.Conversations.Count; conversation++)
        {
            var last = DateTimeOffset.MinValue;
            for (long index = 0; index < data.Conversations[conversation].MessageCount; index++)
            {
                var createdAt = JsonElement.Parse(data.Record(conversation, index)).GetProperty("created_at").GetDateTimeOffset();
                createdAt.ShouldBeGreaterThan(last);
                last = createdAt;
            }
            (last - data.Conversations[conversation].LastActiveAt).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMicroseconds(999));
        }
    }

    [Fact]
    public void Records_are_as_wide_as_real_ones() => Records(Generated).Average(record => record.Length).ShouldBeInRange(350, 800);

    [Fact]
    public async Task The_same_seed_serves_the_same_bytes_and_another_seed_others()
    {
        var options = new SandboxOptions { Conversations = 5, Messages = 400 };
        string[] first = await EverythingAsync(options);

        (await EverythingAsync(options)).ShouldBe(first);
        // The samples are the same in any world; their conversation's id is not.
        (await EverythingAsync(options with { Seed = 2 })).Intersect(first).Count().ShouldBe(SandboxSamples.Records.Count);
    }

    [Fact]
    public async Task The_first_conversation_holds_the_samples_byte_for_byte()
    {
        await using var sandbox = await SandboxCaller.StartAsync(new() { Order = SandboxOrder.OldestFirst });
        var served = await sandbox.ReadAllAsync(SandboxCaller.Messages(sandbox.Data.Conversations[0]), perPage: 10);

        served.Count.ShouldBe(24);
        served.ShouldBe(SandboxSamples.Records.Select(record => Encoding.UTF8.GetString(record.Span)), ignoreOrder: true);
        // Written with an offset and microseconds; by its text it would come later.
        served.ShouldContain(record => record.Contains("2026-03-02T10:00:00.123456+02:00", StringComparison.Ordinal));
        served.Select(record => JsonElement.Parse(record).GetProperty("created_at").GetDateTimeOffset()).ShouldBeInOrder();
    }

    private static IEnumerable<byte[]> Records(SandboxOptions options)
    {
        var data = new SandboxData(options);
        for (int conversation = 0; conversation < data.Conversations.Count; conversation++)
        {
            for (long index = 0; index < data.Conversations[conversation].MessageCount; index++)
                yield return data.Record(conversation, index);
        }
    }

    private static async Task<string[]> EverythingAsync(SandboxOptions options)
    {
        await using var sandbox = await SandboxCaller.StartAsync(options);
        var all = await sandbox.ReadAllAsync("whatsapp_conversations", perPage: 3);
        foreach (var conversation in sandbox.Data.Conversations)
            all.AddRange(await sandbox.ReadAllAsync(SandboxCaller.Messages(conversation), perPage: 100));
        return [.. all];
    }

    private static IEnumerable<string> Values(IEnumerable<JsonElement> records, string field) => records
        .Select(record => record.TryGetProperty(field, out var value) ? value.GetString() : null)
        .OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static bool IsNull(byte[] record, string field) =>
        JsonElement.Parse(record).TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Null;

    private static bool IsAbsent(byte[] record, string field) => !JsonElement.Parse(record).TryGetProperty(field, out _);
}
