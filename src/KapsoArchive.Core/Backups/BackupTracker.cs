namespace KapsoArchive.Core.Backups;

/// <summary>The progress of a backup. Thread-safe.</summary>
public sealed class BackupTracker
{
    private int _runs;
    private int _files;
    private long _bytes;

    /// <summary>Manifests that were copied.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Files of them that were copied.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>Bytes of these files.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void RunDone() => Interlocked.Increment(ref _runs);

    internal void FileDone(long bytes)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Add(ref _bytes, bytes);
    }
}
