namespace KapsoArchive.Core.Pages;

/// <summary>An open HTML document. Disposing this closes it.</summary>
public sealed class PageBody : IDisposable
{
    private readonly HtmlElement[] _open;

    internal PageBody(params HtmlElement[] open) => _open = open;

    public void Dispose()
    {
        foreach (HtmlElement element in _open.Reverse())
            element.Dispose();
    }
}
