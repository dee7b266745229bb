using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using KapsoArchive.Core.Media;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Media;

/// <summary>Types by signature.</summary>
public sealed class MediaTypeTests
{
    private static readonly byte[] Mp3Frame = Frame([0xFF, 0xFB, 0x90, 0x64], 417);
    private static readonly byte[] AacFrame = Frame([0xFF, 0xF1, 0x50, 0x80, 0x19, 0x1F, 0xFC], 200);

    private static readonly (string Name, byte[] Head, string Type, string Extension)[] Known =
    [
        ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg", "jpg"),
        ("JPEG with EXIF", [0xFF, 0xD8, 0xFF, 0xE1], "image/jpeg", "jpg"),
        ("PNG", [0x89, .. "PNG\r\n\x1A\n"u8, 0], "image/png", "png"),
        ("GIF 87", Text("GIF87a.."), "image/gif", "gif"),
        ("GIF 89", Text("GIF89a.."), "image/gif", "gif"),
        ("WebP", Text("RIFF\x10\0\0\0WEBPVP8 "), "image/webp", "webp"),
        ("WAV", Text("RIFF\x10\0\0\0WAVEfmt "), "audio/wav", "wav"),
        ("BMP", [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], "image/bmp", "bmp"),
        ("TIFF, little end first", Text("II*\0\b\0"), "image/tiff", "tif"),
        ("TIFF, big end first", Text("MM\0*\0\0"), "image/tiff", "tif"),
        ("HEIC", IsoMedia("heic", "mif1", "heic"), "image/heic", "heic"),
        ("HEIC by its second brand", IsoMedia("mif1", "mif1", "heic"), "image/heic", "heic"),
        ("HEIF", IsoMedia("mif1", "mif1"), "image/heif", "heif"),
        ("AVIF", IsoMedia("avif", "avif", "mif1", "miaf"), "image/avif", "avif"),
        ("AVIF by its second brand", IsoMedia("mif1", "miaf", "avif"), "image/avif", "avif"),
        ("MP4", IsoMedia("isom", "isom", "iso2", "avc1", "mp41"), "video/mp4", "mp4"),
        ("MP4, second version", IsoMedia("mp42", "mp42", "isom"), "video/mp4", "mp4"),
        ("MP4 by its second brand", IsoMedia("XYZ ", "isom"), "video/mp4", "mp4"),
        ("M4V", IsoMedia("M4V ", "M4V ", "M4A ", "mp42"), "video/mp4", "mp4"),
        ("M4A", IsoMedia("M4A ", "M4A ", "mp42", "isom"), "audio/mp4", "m4a"),
        ("M4A by its second brand", IsoMedia("mp42", "M4A ", "isom"), "audio/mp4", "m4a"),
        ("3GP", IsoMedia("3gp4", "3gp4", "isom"), "video/3gpp", "3gp"),
        ("3G2", IsoMedia("3g2a", "3g2a"), "video/3gpp2", "3g2"),
        ("QuickTime", IsoMedia("qt  ", "qt  "), "video/quicktime", "mov"),
        ("Opus", Ogg([.. "OpusHead"u8, 1, 1]), "audio/ogg", "ogg"),
        ("Vorbis", Ogg([1, .. "vorbis"u8]), "audio/ogg", "ogg"),
        ("Theora", Ogg([0x80, .. "theora"u8]), "video/ogg", "ogv"),
        ("MP3 with a tag", [.. "ID3"u8, 4, 0, 0, 0, 0, 2, 1], "audio/mpeg", "mp3"),
        ("MP3", [.. Mp3Frame, .. Mp3Frame], "audio/mpeg", "mp3"),
        ("MP3 of one frame", Mp3Frame, "audio/mpeg", "mp3"),
        ("MP3 with padding", [.. Frame([0xFF, 0xFB, 0x92, 0x64], 418), .. Mp3Frame], "audio/mpeg", "mp3"),
        ("MP3 of MPEG 2", [.. Frame([0xFF, 0xF3, 0x84, 0x64], 192), 0xFF, 0xF3, 0x84, 0x64], "audio/mpeg", "mp3"),
        ("MP3 of MPEG 2.5", [.. Frame([0xFF, 0xE3, 0x18, 0x64], 72), 0xFF, 0xE3, 0x18, 0x64], "audio/mpeg", "mp3"),
        ("AAC", [.. AacFrame, .. AacFrame], "audio/aac", "aac"),
        ("AMR", Text("#!AMR\n<"), "audio/amr", "amr"),
        ("AMR wide band", Text("#!AMR-WB\n<"), "audio/amr-wb", "awb"),
        ("FLAC", Text("fLaC\0"), "audio/flac", "flac"),
        ("WebM", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x84, .. "webm"u8], "video/webm", "webm"),
        ("Matroska", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x88, .. "matroska"u8], "video/x-matroska", "mkv"),
        ("PDF", Text("%PDF-1.7\n"), "application/pdf", "pdf"),
        ("RTF", Text(@"{\rtf1\ansi"), "application/rtf", "rtf"),
        ("vCard", Text("BEGIN:VCARD\r\nVERSION:3.0\r\n"), "text/vcard", "vcf"),
        ("vCard in lower case, with a mark", [0xEF, 0xBB, 0xBF, .. "begin:vcard\n"u8], "text/vcard", "vcf"),
        ("zip", Zip("a.txt", "word.txt"), "application/zip", "zip"),
        ("zip with a folder of such a name", Zip("word/letter.txt", "xl/b.txt"), "application/zip", "zip"),
        ("empty zip", Zip(), "application/zip", "zip"),
        ("docx", Zip("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("docx, other order", Zip("word/document.xml", "[Content_Types].xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("docx, main part late", Zip("_rels/.rels", "word/styles.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("xlsx", Zip("[Content_Types].xml", "xl/_rels/workbook.xml.rels"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("pptx", Zip("[Content_Types].xml", "ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
        ("doc", Ole(0xEC, 0xA5, 0xC1, 0x00), "application/msword", "doc"),
        ("xls", Ole(0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00), "application/vnd.ms-excel", "xls"),
        ("ppt", Ole(0xA0, 0x46, 0x1D, 0xF0), "application/vnd.ms-powerpoint", "ppt"),
        ("other OLE", Ole(), "application/x-ole-storage", "ole"),
        ("7z", [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed", "7z"),
        ("RAR 4", [.. "Rar!"u8, 0x1A, 7, 0], "application/vnd.rar", "rar"),
        ("RAR 5", [.. "Rar!"u8, 0x1A, 7, 1, 0], "application/vnd.rar", "rar"),
        ("gzip", [0x1F, 0x8B, 8, 0], "application/gzip", "gz"),
    ];

    private static readonly (string Name, byte[] Head)[] Strange =
    [
        ("nothing", []),
        ("text", Text("Hello, this is a text about BM and PK.")),
        ("text that begins like a bitmap", Text("BM is the sign of bitmaps, and this is a text.")),
        ("text about vCards", Text("BEGIN:VCARDS are nice")),
        ("SVG", Text("<svg xmlns='http://www.w3.org/2000/svg'>")),
        ("SVG with a declaration", Text("<?xml version='1.0'?><svg>")),
        ("HTML", Text("<!DOCTYPE html>")),
        ("JSON", Text("{\"error\":\"gone\"}")),
        ("program of Windows", Text("MZ\x90\0")),
        ("program of Linux", Text("\x7FELF")),
        ("script", Text("#!/bin/sh\n")),
        ("RIFF of another kind", Text("RIFF\x10\0\0\0XXXX")),
        ("box of another brand", IsoMedia("crx ", "crx ")),
        ("box of an impossible size", [0, 0, 0, 8, .. "ftypisom"u8, 0, 0, 0, 0]),
        ("one MP3 frame, then something else", [.. Mp3Frame, .. new byte[500]]),
        ("half an MP3 frame", Mp3Frame[..300]),
        ("MP3 frames of two sample rates", [.. Mp3Frame, 0xFF, 0xFB, 0x94, 0x64]),
        ("UTF-16 text", [0xFF, 0xFE, (byte)'a', 0, (byte)'b', 0]),
        ("ones", [.. Enumerable.Repeat((byte)0xFF, 4_096)]),
        ("zeros", new byte[4_096]),
        ("EBML of another kind", [0x1A, 0x45, 0xDF, 0xA3, 0x42, 0x82, 0x84, .. "mine"u8]),
    ];

    public static TheoryData<string> KnownNames => [.. Known.Select(k => k.Name)];

    public static TheoryData<string> StrangeNames => [.. Strange.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(KnownNames))]
    public void A_file_is_known_by_its_signature(string name)
    {
        (_, byte[] head, string type, string extension) = Known.Single(k => k.Name == name);

        MediaType.Of(head).ShouldBe(new MediaType(type, extension));
    }

    [Theory]
    [MemberData(nameof(StrangeNames))]
    public void Anything_else_is_unknown(string name) =>
        MediaType.Of(Strange.Single(k => k.Name == name).Head).ShouldBe(new MediaType("application/octet-stream", "bin"));

    [Fact]
    public void The_rest_of_a_file_changes_nothing()
    {
        var random = new Random(1);
        foreach ((string name, byte[] head, string type, _) in Known.Where(k => k.Name != "MP3 of one frame"))
        {
            byte[] longer = new byte[MediaType.HeadLength];
            random.NextBytes(longer);
            head.CopyTo(longer, 0);

            MediaType.Of(longer).Name.ShouldBe(type, name);
        }
    }

    [Fact]
    public void Every_beginning_of_every_file_is_read_without_an_error()
    {
        string[] types = [.. Known.Select(k => k.Type), MediaType.Unknown.Name];
        foreach ((_, byte[] head, _, _) in Known)
        {
            for (int length = 0; length <= head.Length; length++)
                types.ShouldContain(MediaType.Of(head.AsSpan(0, length)).Name);
        }
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public void Altered_signatures_are_read_without_an_error(int seed)
    {
        var random = new Random(seed);
        string[] types = [.. Known.Select(k => k.Type), MediaType.Unknown.Name];
        for (int i = 0; i < Samples.Count(20_000, 1_000_000); i++)
        {
            byte[] head = [.. Known[random.Next(Known.Length)].Head];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                head[random.Next(head.Length)] = (byte)random.Next(256);

            types.ShouldContain(MediaType.Of(head).Name);
        }
    }

    /// <summary>Noise has a signature of two or three bytes now and then, but no more often than chance has it.</summary>
    [Fact]
    public void Noise_is_hardly_ever_taken_for_a_file()
    {
        var random = new Random(1);
        byte[] noise = new byte[600];
        int known = 0;
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(noise);
            known += MediaType.Of(noise) == MediaType.Unknown ? 0 : 1;
        }

        known.ShouldBeLessThanOrEqualTo(2);
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Frame(byte[] header, int length)
    {
        byte[] frame = new byte[length];
        header.CopyTo(frame, 0);
        return frame;
    }

    private static byte[] IsoMedia(string brand, params string[] compatible)
    {
        byte[] box = Text($"\0\0\0\0ftyp{brand}\0\0\0\0{string.Concat(compatible)}");
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    private static byte[] Ogg(byte[] packet) => [.. "OggS\0\x02"u8, .. new byte[20], 1, (byte)packet.Length, .. packet];

    private static byte[] Ole(params byte[] content) => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504], .. content, 0, 0];

    private static byte[] Zip(params string[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string entry in entries)
            {
                using Stream content = zip.CreateEntry(entry).Open();
                content.Write("some content"u8);
            }
        }

        return file.ToArray();
    }
}
