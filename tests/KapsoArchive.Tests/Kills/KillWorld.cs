using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Records;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Kills;

/// <summary>A sandbox whose conversations move between the runs, and its truth at any moment.</summary>
internal sealed class KillWorld : IAsyncDisposable
{
    private static readonly SandboxOptions Options = new() { Conversations = 7, Messages = 400, MalformedShare = 0.01 };
    private static readonly string[] Statuses = ["sent", "delivered", "read", "failed"];

    private readonly SandboxServer _sandbox;
    private readonly Random _random;
    private readonly List<(string Id, MovingListing Listing)> _listings = [];
    private bool _hasDeleted;

    private KillWorld(SandboxServer sandbox, Random random, int longest)
    {
        (_sandbox, _random) = (sandbox, random);
        foreach (SandboxConversation conversation in sandbox.Data.Conversations)
            _listings.Add((conversation.Id, sandbox.Listings.Moving(conversation.Id)));
        AddConversation(longest);
    }

    public Uri Api => _sandbox.BaseUrl;

    /// <param name="random">Decides how it moves.</param>
    /// <param name="longest">Messages of its longest conversation.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<KillWorld> StartAsync(Random random, int longest, CancellationToken cancellationToken) =>
        new(await SandboxServer.StartAsync(Options, time: null, cancellationToken), random, longest);

    /// <summary>What a user would have set, and that every run reads every conversation whole: so it notices every change.</summary>
    public Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["Kapso__ApiKey"] = Options.ApiKey,
        ["Kapso__BaseUrl"] = _sandbox.BaseUrl.ToString(),
        ["Archive__FullSweepEvery"] = "00:00:00",
        ["Archive__RemovalGrace"] = "00:00:00",
    };

    /// <summary>Whether messages may have been deleted since this was last asked: it takes two runs to notice.</summary>
    public bool TakeDeleted()
    {
        (bool deleted, _hasDeleted) = (_hasDeleted, false);
        return deleted;
    }

    /// <summary>Slow answers and movement stretch a run over several slices.</summary>
    public bool IsRestless
    {
        set
        {
            _sandbox.Faults = value ? new SandboxFaults { Slow = 0.6, SlowSeconds = 0.06 } : SandboxFaults.None;
            _sandbox.Listings.Movement = value ? SandboxMovement.Mixed(0.2) : null;
            _hasDeleted |= value;
        }
    }

    /// <summary>A night passes.</summary>
    public void Move()
    {
        int moved = _random.Next(4) == 0 ? 0 : _random.Next(1, _listings.Count + 1);
        for (int i = 0; i < moved; i++)
        {
            MovingListing listing = _listings[_random.Next(_listings.Count)].Listing;
            for (int added = _random.Next(12); added > 0; added--)
                listing.InsertNewest();
            for (int changed = _random.Next(8); changed > 0 && listing.Count > 0; changed--)
                listing.Update(Any(listing), Statuses[_random.Next(Statuses.Length)]);
            for (int deleted = _random.Next(4); deleted > 0 && listing.Count > 5; deleted--)
                _hasDeleted |= listing.Delete(Any(listing));
        }

        if (_random.Next(8) == 0)
            AddConversation(_random.Next(1, 150));
    }

    /// <summary>Every message that is listed now, by conversation and id: status, time of the last change, content.</summary>
    public Dictionary<(string Conversation, string Id), (string? Status, long? UpdatedAt, string? Content)> Truth()
    {
        Dictionary<(string, string), (string?, long?, string?)> truth = [];
        foreach ((string id, MovingListing listing) in _listings)
        {
            var flattener = new RecordFlattener(Utf8Text.From(id), Rows.Run);
            for (int i = 0; i < listing.Count; i++)
            {
                if (flattener.Flatten(listing.At(i).Record.ToArray(), out _) is { } row)
                    truth.Add((id, row.Id.ToString()!), (row.Status.ToString(), row.UpdatedAt, row.Content.ToString()));
            }
        }

        return truth;
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private string Any(MovingListing listing) => listing.At(_random.Next(listing.Count)).Id;

    private void AddConversation(int messages)
    {
        string id = NewId();
        DateTimeOffset newest = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        SandboxMessage[] all = [.. Enumerable.Range(0, messages).Select(i => SandboxMessage.Make(NewId(), i, newest.AddMinutes(i - messages)))];
        _listings.Add((id, _sandbox.Listings.AddConversation(new SandboxConversation(id, "+15550100", "New", "active", newest, messages), all)));
    }

    private string NewId()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
