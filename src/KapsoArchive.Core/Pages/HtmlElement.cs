namespace KapsoArchive.Core.Pages;

/// <summary>An open element. Disposing this closes it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct HtmlElement : IDisposable, IEquatable<HtmlElement>
{
    private readonly HtmlWriter _html;
    private readonly int _depth;

    internal HtmlElement(HtmlWriter html, int depth) => (_html, _depth) = (html, depth);

    public void Dispose() => _html.Close(_depth);

    public bool Equals(HtmlElement other) => ReferenceEquals(_html, other._html) && _depth == other._depth;

    public override bool Equals(object? obj) => obj is HtmlElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_html, _depth);

    public static bool operator ==(HtmlElement left, HtmlElement right) => left.Equals(right);

    public static bool operator !=(HtmlElement left, HtmlElement right) => !left.Equals(right);
}
