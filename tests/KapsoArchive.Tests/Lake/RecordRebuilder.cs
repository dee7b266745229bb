using System.Text;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Tests.Lake;

/// <summary>Puts a record together again as the data dictionary says: the columns that are not null, then each member of extra in the
/// place of its namesake.</summary>
internal static class RecordRebuilder
{
    private static readonly string[] Json = ["metadata", "message_type_data"];

    /// <summary>Members by name, each with its JSON text.</summary>
    public static Dictionary<string, string> Rebuild(MessageRow row)
    {
        Dictionary<string, string> members = [];
        foreach (Column<MessageRow> column in Datasets.Messages.Columns.Where(c => c.Origin == ColumnOrigin.Record && c.Name != "extra"))
        {
            if (Text(column, row) is { } value)
                members[column.Name] = value;
        }

        foreach ((string name, string value) in Members(row.Extra.ToString() ?? "{}"))
            members[name] = value;
        return members;
    }

    /// <summary>The members of a JSON object, the last of each name, without the columns that are null: those read the same as absent
    /// ones.</summary>
    public static Dictionary<string, string> Members(string json)
    {
        Dictionary<string, string> members = [];
        var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(json), new System.Text.Json.JsonReaderOptions { MaxDepth = 512 });
        reader.Read();
        while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            string name = Encoding.UTF8.GetString(JsonText.Unescape(reader.ValueSpan, out _));
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            members[name] = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(json).AsSpan(start, (int)reader.BytesConsumed - start));
        }

        return members;
    }

    /// <summary>Whether two JSON texts say the same. Half surrogate pairs are compared as they are written, since no parser takes
    /// them.</summary>
    public static bool Same(string left, string right)
    {
        if (left == right)
            return true;
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right));
        }
        catch (Exception e) when (e is InvalidOperationException or System.Text.Json.JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static string? Text(Column<MessageRow> column, MessageRow row)
    {
        switch (column)
        {
            case TextColumn<MessageRow> text when text.Value(row).ToString() is { } value:
                return Json.Contains(column.Name) ? value : JsonValue.Create(value).ToJsonString();
            case TimestampColumn<MessageRow> time when time.Micros(row) is { } micros:
                byte[] written = new byte[Timestamp.MaxLength];
                return $"\"{Encoding.UTF8.GetString(written, 0, Timestamp.FormatCanonical(micros, written))}\"";
            default:
                return null;
        }
    }
}
