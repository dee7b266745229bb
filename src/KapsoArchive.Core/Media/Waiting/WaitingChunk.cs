using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Media.Waiting;

/// <summary>A document with waiting files, which is written once.</summary>
/// <param name="Name">In the folder of <see cref="WaitingFiles"/>.</param>
/// <param name="Waiting">Number of files that are tried again.</param>
/// <param name="Gone">Number of files whose links are dead.</param>
/// <param name="NextAt">Nothing is to be done with any of them before, in microseconds since 1970-01-01 UTC.</param>
/// <param name="Newest">The newest <c>created_at</c> of their messages, likewise.</param>
internal sealed record WaitingChunk(string Name, int Waiting, int Gone, long NextAt, long Newest)
{
    private const string Magic = "KAWF";
    private const byte Version = 1;

    public static WaitingChunk Of(string name, IReadOnlyCollection<WaitingFile> files) => new(
        name, files.Count(f => !f.IsGone), files.Count(f => f.IsGone), files.Min(f => f.NextAt), files.Max(f => f.CreatedAt ?? 0));

    public static ReadOnlyMemory<byte> ToBytes(IReadOnlyCollection<WaitingFile> files) => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write(files.Count);
        foreach (WaitingFile file in files)
            file.Write(writer);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static IReadOnlyList<WaitingFile> FromBytes(ReadOnlyMemory<byte> bytes) => IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        var files = new WaitingFile[reader.ReadInt32()];
        for (int i = 0; i < files.Length; i++)
            files[i] = WaitingFile.Read(reader);
        return files;
    });

    public void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(Waiting);
        writer.Write(Gone);
        writer.Write(NextAt);
        writer.Write(Newest);
    }

    public static WaitingChunk Read(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64());
}
