using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace KapsoArchive.Core.Pages;

/// <summary>Writes HTML as UTF-8 and encodes every text and attribute. Names of elements and attributes, and the few pieces of raw markup,
/// are constants of the program; the compiler enforces this (CA1857), so foreign text cannot become markup. The result needs nothing from
/// the network: no script except a <see cref="HtmlScript"/>, no style attribute, no address with a scheme.</summary>
public sealed class HtmlWriter(IBufferWriter<byte> output)
{
    private const int Chunk = 1024;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Stack<string> _open = [];
    private bool _inTag;

    /// <summary>Opens an element. Write its attributes next, then its content; disposing closes it.</summary>
    /// <param name="styleClass">The value of its <c>class</c> attribute; null to omit it.</param>
    public HtmlElement Element([ConstantExpected] string name, string? styleClass = null)
    {
        EndTag();
        Raw("<");
        Raw(name);
        _open.Push(name);
        _inTag = true;
        if (styleClass is not null)
            Write("class", styleClass);
        return new HtmlElement(this, _open.Count);
    }

    /// <summary>Writes an element with one text.</summary>
    public void Element([ConstantExpected] string name, string? styleClass, string? text)
    {
        using (Element(name, styleClass))
            Text(text);
    }

    /// <summary>Writes a link to a page beside this one.</summary>
    public void Link(string address, string? text)
    {
        using (Element("a"))
        {
            Attribute("href", address);
            Text(text);
        }
    }

    /// <summary>Writes a void element, such as <c>input</c>, which has no content and no end tag. Write its attributes next.</summary>
    public void Void([ConstantExpected] string name)
    {
        EndTag();
        Raw("<");
        Raw(name);
        _inTag = true;
    }

    /// <summary>Adds an attribute to the element just opened; omitted for a null value.</summary>
    /// <exception cref="ArgumentException">The attribute could run code or lead to another place.</exception>
    public void Attribute([ConstantExpected] string name, string? value = "")
    {
        if (!_inTag)
            throw new InvalidOperationException($"The attribute {name} comes after its element's content.");
        if (name is "style" or "srcdoc" || name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"No page of this program has the attribute {name}.", nameof(name));
        if (value is null)
            return;
        if (name is "href" or "src" or "action" or "formaction" && !IsRelative(value))
            throw new ArgumentException("A page leads only to pages beside it.", nameof(value));
        Write(name, value);
    }

    /// <summary>Writes encoded text.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        EndTag();
        Encoded(text);
    }

    /// <summary>Writes markup of this program unchanged. It must close every element that it opens.</summary>
    public void Constant([ConstantExpected] string markup)
    {
        EndTag();
        Raw(markup);
    }

    /// <summary>Writes a style sheet of this program.</summary>
    internal void Style(HtmlStyle style)
    {
        using (Element("style"))
        {
            EndTag();
            Raw(style.Text);
        }
    }

    /// <summary>Writes a script of this program. As a module it runs after the document is loaded.</summary>
    internal void Script(HtmlScript script)
    {
        using (Element("script"))
        {
            Attribute("type", "module");
            EndTag();
            Raw(script.Text);
        }
    }

    internal void Close(int depth)
    {
        if (_open.Count != depth)
            throw new InvalidOperationException($"The element {_open.Peek()} is still open.");
        EndTag();
        Raw("</");
        Raw(_open.Pop());
        Raw(">");
    }

    private static bool IsRelative(string address) =>
        address.AsSpan().TrimStart() is var start && !start.StartsWith("//", StringComparison.Ordinal)
            && !start.StartsWith("\\", StringComparison.Ordinal)
        && !start[..(start.IndexOfAny("/?#") is >= 0 and int end ? end : start.Length)].ContainsAny(":\\\t\r\n");

    private void Write(string name, string value)
    {
        Raw(" ");
        Raw(name);
        Raw("=\"");
        Encoded(value);
        Raw("\"");
    }

    private void EndTag()
    {
        if (!_inTag)
            return;
        Raw(">");
        _inTag = false;
    }

    private void Encoded(ReadOnlySpan<char> text)
    {
        if (!VisibleText.IsPlain(text))
            text = VisibleText.Of(text.ToString());
        Span<char> chunk = stackalloc char[Chunk];
        while (!text.IsEmpty)
        {
            Encoder.Encode(text, chunk, out int consumed, out int written);
            Raw(chunk[..written]);
            text = text[consumed..];
        }
    }

    private void Raw(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, bytes));
    }
}
