using KapsoArchive.Core.Index;
using KapsoArchive.Core.Media.Waiting;

namespace KapsoArchive.Core.Runs.Fetching;

/// <summary>A file that a run has tried to fetch.</summary>
/// <param name="Key">See <see cref="WaitingFile.Key"/>.</param>
/// <param name="LinkKey">See <see cref="WaitingFile.LinkKey"/>.</param>
/// <param name="Left">What is left to wait for; null if the outcome is final.</param>
internal sealed record TriedFile(UInt128 Key, ulong LinkKey, MediaRow Row, WaitingFile? Left)
{
    /// <summary>The document of a journal's entry that lists them.</summary>
    public const string Document = "tried";

    private const string Magic = "KATF";
    private const byte Version = 1;

    public static ReadOnlyMemory<byte> ToBytes(IReadOnlyCollection<TriedFile> files) => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write(files.Count);
        foreach (TriedFile file in files)
            file.Write(writer);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static IReadOnlyList<TriedFile> FromBytes(ReadOnlyMemory<byte> bytes, RunStamp run) =>
        IndexFormat.Open(bytes, Magic, Version, reader =>
        {
            var files = new TriedFile[reader.ReadInt32()];
            for (int i = 0; i < files.Length; i++)
                files[i] = Read(reader, run);
            return files;
        });

    private void Write(BinaryWriter writer)
    {
        writer.Write(Key);
        writer.Write(LinkKey);
        writer.Write(Row.ConversationId);
        writer.Write(Row.MessageId);
        writer.Write(Row.LinkFingerprint);
        writer.Write((byte)Row.Outcome);
        writer.WriteOptional(Row.FileName);
        writer.WriteOptional(Row.ContentType);
        writer.WriteOptional(Row.DetectedType);
        writer.WriteOptional(Row.Bytes);
        writer.WriteOptional(Row.Sha256);
        writer.WriteOptional(Row.Path);
        writer.WriteOptional(Row.Reason);
        writer.Write(Row.Attempts);
        writer.Write(Left is not null);
        Left?.Write(writer);
    }

    private static TriedFile Read(BinaryReader reader, RunStamp run)
    {
        (UInt128 key, ulong linkKey) = (reader.ReadUInt128(), reader.ReadUInt64());
        var row = new MediaRow
        {
            ConversationId = reader.ReadString(),
            MessageId = reader.ReadString(),
            Run = run,
            LinkFingerprint = reader.ReadString(),
            Outcome = (MediaOutcome)reader.ReadByte(),
            FileName = reader.ReadOptionalText(),
            ContentType = reader.ReadOptionalText(),
            DetectedType = reader.ReadOptionalText(),
            Bytes = reader.ReadOptional(),
            Sha256 = reader.ReadOptionalText(),
            Path = reader.ReadOptionalText(),
            Reason = reader.ReadOptionalText(),
            Attempts = reader.ReadInt64(),
        };
        return new TriedFile(key, linkKey, row, reader.ReadBoolean() ? WaitingFile.Read(reader) : null);
    }
}
