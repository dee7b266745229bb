using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Who has signed in. It is kept in memory alone: all sessions end with the server. Of a session's id only the hash is kept.</summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>Each took a key. Where there are more, the one that was longest unused ends.</summary>
    private const int Most = 1_000;

    private const int IdBytes = 32;

    /// <summary>A session ends so long after it was last used.</summary>
    private static readonly TimeSpan IdleLife = TimeSpan.FromHours(8);

    /// <summary>It ends so long after it began, however much it is used.</summary>
    private static readonly TimeSpan WholeLife = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = [];

    /// <returns>Its id, for the browser.</returns>
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

    /// <summary>Whether there is such a session. It is used by this, and lasts the longer.</summary>
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

    /// <summary>Something that stands for the session and tells nothing of its id; null if there is none. It is not used by this.</summary>
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
