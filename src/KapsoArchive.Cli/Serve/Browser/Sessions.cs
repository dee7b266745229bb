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
    private static readonly TimeSpan Life = TimeSpan.FromHours(8);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _ends = [];

    /// <returns>Its id, for the browser.</returns>
    public string Begin()
    {
        string id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (string over in _ends.Where(e => e.Value <= now).Select(e => e.Key).ToArray())
                _ends.Remove(over);
            if (_ends.Count >= Most)
                _ends.Remove(_ends.MinBy(e => e.Value).Key);
            _ends.Add(Hash(id), now + Life);
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
            if (!_ends.TryGetValue(hash, out DateTimeOffset end) || end <= now)
                return false;
            _ends[hash] = now + Life;
            return true;
        }
    }

    public void End(string id)
    {
        lock (_lock)
            _ends.Remove(Hash(id));
    }

    private static string Hash(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
