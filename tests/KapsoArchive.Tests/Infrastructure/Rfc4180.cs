using System.Text;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A strict reader of CSV: the grammar of RFC 4180, section 2, and nothing besides.</summary>
internal static class Rfc4180
{
    public static List<string[]> Read(string text)
    {
        List<string[]> records = [];
        int at = 0;
        while (at < text.Length)
            records.Add(ReadRecord(text, ref at));
        records.ShouldAllBe(r => r.Length == records[0].Length, "each line has as many fields");
        return records;
    }

    private static string[] ReadRecord(string text, ref int at)
    {
        List<string> fields = [];
        while (true)
        {
            fields.Add(at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadPlain(text, ref at));
            if (at == text.Length)
                return [.. fields];
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            text.AsSpan(at).StartsWith("\r\n").ShouldBeTrue($"a field ends with a comma or a line with CRLF, at {at}");
            at += 2;
            return [.. fields];
        }
    }

    private static string ReadPlain(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
            text[at++].ShouldNotBe('"', "a quote stands in a quoted field only");
        return text[start..at];
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var field = new StringBuilder();
        for (at++; ; at++)
        {
            at.ShouldBeLessThan(text.Length, "a quoted field is closed");
            if (text[at] != '"')
            {
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else
            {
                at++;
                return field.ToString();
            }
        }
    }
}
