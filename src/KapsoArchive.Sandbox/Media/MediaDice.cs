using System.Collections.Concurrent;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Decides which requests for files fail and how.</summary>
internal sealed class MediaDice(SandboxMediaFaults initial)
{
    private readonly ConcurrentDictionary<BlobLink, int> _failed = new();
    private volatile SandboxMediaFaults _faults = initial;

    /// <summary>Setting them forgets how often a link has failed.</summary>
    public SandboxMediaFaults Faults
    {
        get => _faults;
        set
        {
            _failed.Clear();
            _faults = value;
        }
    }

    /// <summary>The fault of a request; null for none.</summary>
    public SandboxMediaFaultKind? Roll(BlobLink link)
    {
        var faults = _faults;
        if (Of(link, faults) is not { } kind) return null;
        return _failed.AddOrUpdate(link, 1, (_, times) => times + 1) <= (faults.Times ?? int.MaxValue) ? kind : null;
    }

    private static SandboxMediaFaultKind? Of(BlobLink link, SandboxMediaFaults faults)
    {
        foreach (var (target, chosen) in faults.Chosen)
        {
            bool isLink = Uri.TryCreate(target, UriKind.Absolute, out var uri);
            if (isLink ? uri!.AbsolutePath == link.Path : BlobLink.SignatureOf(target) == link.Signature) return chosen;
        }
        double drawn = Scramble.Fraction(Scramble.Bits(Scramble.Bits((ulong)faults.Seed, link.Signature), (ulong)link.Generation));
        foreach (var (kind, share) in faults.Shares.OrderBy(fault => fault.Key))
        {
            drawn -= share;
            if (drawn < 0) return kind;
        }
        return null;
    }
}
