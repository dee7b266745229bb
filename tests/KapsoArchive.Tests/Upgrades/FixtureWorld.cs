using System.Text;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Upgrades;

/// <summary>
/// The sandbox that the fixtures were read from. It moves before each night in the same way whenever it is started, so a fixture goes on
/// where it was left.
/// What stands here is written into the fixtures: change nothing of it, add nights at the end.
/// </summary>
internal sealed class FixtureWorld : IAsyncDisposable
{
    private static readonly DateTimeOffset FirstNight = new(2026, 11, 4, 2, 0, 0, TimeSpan.Zero);

    private readonly SandboxServer _sandbox;
    private readonly List<(string Id, MovingListing Listing)> _listings = [];

    private FixtureWorld(SandboxServer sandbox)
    {
        _sandbox = sandbox;
        foreach (SandboxConversation conversation in sandbox.Data.Conversations)
            _listings.Add((conversation.Id, sandbox.Listings.Moving(conversation.Id)));
    }

    /// <summary>How many nights have begun.</summary>
    public int Night { get; private set; }

    /// <summary>When the present night's run begins.</summary>
    public DateTimeOffset Now => FirstNight.AddDays(Night - 1);

    public Uri Api => _sandbox.BaseUrl;

    /// <summary>All requests so far.</summary>
    public long Requests => _sandbox.RequestCount;

    /// <summary>To make the source odd.</summary>
    public SandboxServer Sandbox => _sandbox;

    /// <summary>All conversations, the longest first.</summary>
    public IReadOnlyList<string> LongestFirst => [.. _listings.OrderByDescending(l => l.Listing.Count).ThenBy(l => l.Id, StringComparer.Ordinal).Select(l => l.Id)];

    /// <summary>The conversation that holds the sample records.</summary>
    public string Samples => _listings[0].Id;

    /// <param name="night">The night that is about to be archived: 1 for the world as it began.</param>
    /// <param name="url">Where to listen; null for a free port.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<FixtureWorld> StartAsync(int night, Uri? url, CancellationToken cancellationToken)
    {
        var options = new SandboxOptions { Conversations = 7, Messages = 900, Seed = 15, Url = url };
        var world = new FixtureWorld(await SandboxServer.StartAsync(options, time: null, cancellationToken));
        while (world.Night < night)
            world.NextNight();
        return world;
    }

    /// <summary>A day passes.</summary>
    public void NextNight()
    {
        Night++;
        MovingListing[] longest = [.. LongestFirst.Select(id => _sandbox.Listings.Moving(id))];
        switch (Night)
        {
            case 1:
                InsertMalformed("17", """{"content":"no id","created_at":"2026-10-01T10:00:00Z"}""");
                break;
            case 2:
                Update(longest[0], "read", 5, 6, 150, 300);
                longest[0].Delete(longest[0].At(120).Id);
                longest[0].Delete(longest[0].At(40).Id);
                Insert(longest[0], 3);
                Update(longest[1], "failed", 0, 60);
                longest[1].InsertAt(90);
                Insert(longest[3], 1);
                break;
            case 3:
                Update(longest[0], "delivered", 0, 1);
                Insert(longest[1], 2);
                Insert(_sandbox.Listings.Moving(Samples), 1);
                Update(longest[4], "read", 3);
                break;
            case 4:
                AddConversation(180);
                foreach (MovingListing listing in longest)
                {
                    Update(listing, "read", 2, 11);
                    Insert(listing, 2);
                }

                break;
            default:
                Update(longest[0], "failed", 4);
                longest[0].InsertCreatedAt(Now.AddHours(-2));
                longest[0].InsertCreatedAt(Now.AddHours(-1));
                longest[2].InsertCreatedAt(Now.AddHours(-1));
                break;
        }
    }

    /// <summary>The records that are listed now, by conversation and id, without those that are no message.</summary>
    public IEnumerable<(string Conversation, string Id, ReadOnlyMemory<byte> Record)> Listed() =>
        _listings.SelectMany(l => l.Listing.Truth.Current(), (l, record) => (l.Id, record.Key, record.Value));

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static void Insert(MovingListing listing, int count)
    {
        for (int i = 0; i < count; i++)
            listing.InsertNewest();
    }

    private static void Update(MovingListing listing, string status, params ReadOnlySpan<int> positions)
    {
        foreach (int position in positions)
            listing.Update(listing.At(position).Id, status);
    }

    private void InsertMalformed(params ReadOnlySpan<string> records)
    {
        MovingListing listing = _sandbox.Listings.Moving(Samples);
        foreach (string record in records)
            listing.Insert(SandboxMessage.Read(Encoding.UTF8.GetBytes(record), otherwiseId: $"malformed-{record.Length}", otherwiseCreatedAt: FirstNight.AddDays(-10)));
    }

    private void AddConversation(int messages)
    {
        const string Id = "f1c7a2de-0015-4000-8000-000000000004";
        DateTimeOffset newest = new(2026, 11, 6, 20, 0, 0, TimeSpan.Zero);
        SandboxMessage[] all =
        [
            .. Enumerable.Range(0, messages).Select(i => SandboxMessage.Make($"f1c7a2de-0015-4000-9000-{i:D12}", i, newest.AddMinutes(i - messages))),
        ];
        _listings.Add((Id, _sandbox.Listings.AddConversation(new SandboxConversation(Id, "+15550100", "New", "active", newest, messages), all)));
    }
}
