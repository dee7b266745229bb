namespace KapsoArchive.Core.Media;

/// <summary>Knows zip files, and the documents of Office among them by the names of their first entries.</summary>
internal static class ZipSignature
{
    /// <summary>Bytes of an entry's header, before its name.</summary>
    private const int HeaderLength = 30;

    private static readonly MediaType Zip = new("application/zip", "zip");

    /// <summary>Folder of each kind of document, and the entry that only such a document has.</summary>
    private static readonly (byte[] Folder, byte[] Main, MediaType Type)[] Documents =
    [
        ([.. "word/"u8], [.. "word/document.xml"u8],
            new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")),
        ([.. "xl/"u8], [.. "xl/workbook.xml"u8], new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")),
        ([.. "ppt/"u8], [.. "ppt/presentation.xml"u8],
            new("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx")),
    ];

    private static ReadOnlySpan<byte> EntryMark => "PK\x03\x04"u8;

    /// <returns>Null if it is not a zip file.</returns>
    public static MediaType? Find(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith(EntryMark))
            return head.StartsWith("PK\x05\x06"u8) ? Zip : null;
        (MediaType? folder, bool isPackage) = (null, false);
        for (int at = 0; at >= 0 && head.Length >= HeaderLength; at = head.IndexOf(EntryMark))
        {
            head = head[at..];
            if (head.Length < HeaderLength)
                break;
            int length = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]);
            ReadOnlySpan<byte> name = head[HeaderLength..Math.Min(head.Length, HeaderLength + length)];
            isPackage |= name.SequenceEqual("[Content_Types].xml"u8) || name.SequenceEqual("_rels/.rels"u8);
            foreach ((byte[] documentFolder, byte[] main, MediaType type) in Documents)
            {
                if (name.SequenceEqual(main))
                    return type;
                if (name.StartsWith(documentFolder))
                    folder ??= type;
            }

            head = head[HeaderLength..];
        }

        return isPackage && folder is not null ? folder : Zip;
    }
}
