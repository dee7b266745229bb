using System.Text;

namespace KapsoArchive.Tests.Media;

/// <summary>Files as people send them, as short as their signatures allow or as long as asked for.</summary>
internal static class Attachments
{
    public static byte[] Jpeg(int length)
    {
        byte[] file = new byte[length];
        new Random(length).NextBytes(file);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0 }.CopyTo(file, 0);
        return file;
    }

    public static byte[] Page(int length) => Encoding.UTF8.GetBytes("<!DOCTYPE html>\n<html><body>Sign in".PadRight(length));

    /// <summary>In chunks of at most 10,000 bytes.</summary>
    public static byte[] Chunked(byte[] file, bool ends = true)
    {
        using var chunks = new MemoryStream();
        foreach (byte[] chunk in file.Chunk(10_000))
            chunks.Write([.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, (byte)'\r', (byte)'\n']);
        if (ends)
            chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
