using System.Text.Json;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>Finds where each record of a page begins and ends, and how many pages there are: the least that can be done with an answer.</summary>
internal static class PageScan
{
    public static int Records(byte[] body, List<Range> records)
    {
        var reader = new Utf8JsonReader(body);
        int pages = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = reader.ValueTextEquals("data"u8);
            bool isMeta = reader.ValueTextEquals("meta"u8);
            reader.Read();
            if (isData)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    records.Add(start..(int)reader.BytesConsumed);
                }
            }
            else if (isMeta)
            {
                pages = Pages(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return pages;
    }

    private static int Pages(ref Utf8JsonReader reader)
    {
        int pages = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isPages = reader.ValueTextEquals("total_pages"u8);
            reader.Read();
            if (isPages)
                pages = reader.GetInt32();
        }

        return pages;
    }
}
