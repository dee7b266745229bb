namespace KapsoArchive.Sandbox.Data;

/// <summary>JSON text with slots, such as <c>"content":"$text$"</c>: parsed once, filled by copying bytes.</summary>
internal sealed class Template
{
    private readonly Segment[] _segments;

    public Template(string text)
    {
        string[] pieces = text.Split('$');
        _segments = new Segment[pieces.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            bool isSlot = i % 2 == 1;
            _segments[i] = isSlot ? new Segment(null, Enum.Parse<Slot>(pieces[i], ignoreCase: true))
                : new Segment(Encoding.UTF8.GetBytes(pieces[i]), default);
        }
    }

    public void Fill(in RecordDraw draw, Utf8Buffer json)
    {
        foreach (var segment in _segments)
        {
            if (segment.Literal is { } literal) json.Append(literal);
            else draw.Write(segment.Slot, json);
        }
    }

    private readonly record struct Segment(byte[]? Literal, Slot Slot);
}
