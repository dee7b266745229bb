namespace KapsoArchive.Core.Pages;

/// <summary>An open HTML document. Disposing this closes it.</summary>
public sealed class HtmlBody : IDisposable
{
    private readonly HtmlElement[] _open;

    internal HtmlBody(params HtmlElement[] open) => _open = open;

    public void Dispose()
    {
        foreach (HtmlElement element in _open.Reverse())
            element.Dispose();
    }
}
