namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>The progress of a verification. Thread-safe.</summary>
public sealed class VerificationTracker
{
    private int _filesDone;
    private long _bytesDone;

    public VerificationPhase Phase { get; internal set; }

    public int Files { get; private set; }

    public long Bytes { get; private set; }

    public int FilesDone => Volatile.Read(ref _filesDone);

    public long BytesDone => Interlocked.Read(ref _bytesDone);

    internal void SetFiles(int count, long bytes) => (Files, Bytes) = (count, bytes);

    internal void FileDone(long bytes)
    {
        Interlocked.Increment(ref _filesDone);
        Interlocked.Add(ref _bytesDone, bytes);
    }
}

public enum VerificationPhase
{
    ReadingManifests,
    RebuildingIndex,
    CheckingFiles,
    ComparingIndex,
}
