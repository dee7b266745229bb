using System.Buffers.Text;
using System.Security.Cryptography;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>The sessions of signed-in users. They are kept only in memory and end with the server. Only a hash of each session's id is
/// stored.</summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>The most sessions, each of which needed a key. Beyond this, the least recently used session ends.</summary>
    private const int Most = 1_000;

    private const int IdBytes = 32;

    /// <summary>A session ends after this time without use.</summary>
    private static readonly TimeSpan IdleLife = TimeSpan.FromHours(8);

    /// <summary>A session ends this long after it began, even if used.</summary>
    private static readonly TimeSpan WholeLife = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = [];

    /// <returns>The session's id, for the cookie.</returns>
    public string Begin()
    {
        string id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (string over in _sessions.Where(s => s.Value.HasEnded(now)).Select(s => s.Key).ToArray())
                _sessions.Remove(over);
            if (_sessions.Count >= Most)
                _sessions.Remove(_sessions.MinBy(s => s.Value.UsedAt).Key);
            _sessions.Add(Hash(id), new Session(BeganAt: now, UsedAt: now));
        }

        return id;
    }

    /// <summary>Whether the session exists. The call counts as use and extends it.</summary>
    public bool TryUse(string id)
    {
        string hash = Hash(id);
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            if (!_sessions.TryGetValue(hash, out Session? session) || session.HasEnded(now))
                return false;
            _sessions[hash] = session with { UsedAt = now };
            return true;
        }
    }

    /// <summary>An opaque name for the session; null if it does not exist. The call does not count as use.</summary>
    public string? CallerOf(string id)
    {
        string hash = Hash(id);
        lock (_lock)
            return _sessions.TryGetValue(hash, out Session? session) && !session.HasEnded(time.GetUtcNow()) ? hash : null;
    }

    public void End(string id)
    {
        lock (_lock)
            _sessions.Remove(Hash(id));
    }

    private static string Hash(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private sealed record Session(DateTimeOffset BeganAt, DateTimeOffset UsedAt)
    {
        public bool HasEnded(DateTimeOffset now) => now - UsedAt >= IdleLife || now - BeganAt >= WholeLife;
    }
}
