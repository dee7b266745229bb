namespace KapsoArchive.Sandbox.Media;

/// <summary>Another listing, whose links lead to the sandbox's own files.</summary>
internal sealed class LinkedListing(IListing listing, BlobLinks links) : IListing
{
    private const int IdLength = 36;

    public long Count => listing.Count;

    public void WriteRecord(long position, Utf8Buffer json)
    {
        using var record = new Utf8Buffer();
        listing.WriteRecord(position, record);
        var rest = record.Written.Span;
        ulong signature = 0;
        bool isLate = false;
        for (int start; (start = rest.IndexOf(BlobLinks.Elsewhere)) >= 0;)
        {
            if (signature == 0)
            {
                // Every record that has a link begins with its id.
                signature = BlobLink.SignatureOf(Encoding.ASCII.GetString(rest.Slice("{\"id\":\""u8.Length, IdLength)));
                isLate = links.IsLate(signature, isOutbound: rest.IndexOf("\"direction\":\"outbound\""u8) >= 0);
            }
            var link = rest[start..(start + rest[start..].IndexOf((byte)'"'))];
            bool isInText = rest[start - 1] == ' ';
            if (isLate)
            {
                json.Append(rest[..(start - (isInText ? " URL: "u8 : "\""u8).Length)]);
                json.Append(isInText ? ""u8 : "null"u8);
                rest = rest[(start + link.Length + (isInText ? 0 : 1))..];
                continue;
            }
            json.Append(rest[..start]);
            json.Append(Encoding.UTF8.GetBytes(links.Write(signature, Encoding.UTF8.GetString(link[(link.LastIndexOf((byte)'/') + 1)..]))));
            rest = rest[(start + link.Length)..];
        }
        json.Append(rest);
    }
}
