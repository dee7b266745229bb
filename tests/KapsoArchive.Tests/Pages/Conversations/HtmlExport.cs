using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>An export as pages, made from a sandbox into a folder.</summary>
internal sealed class HtmlExport : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A sandbox with next to nothing in it.</summary>
    public static SandboxOptions Small { get; } = new() { Conversations = 1, Messages = 5, IncludeSamples = false };

    private HtmlExport(SandboxServer sandbox) => Sandbox = sandbox;

    public SandboxServer Sandbox { get; }

    public FolderStore Store => new(_folder.File("lake"));

    public Manifest Manifest { get; private set; } = null!;

    public static async Task<HtmlExport> MakeAsync(SandboxOptions options, IReadOnlyList<Talk> talks, RunLimits? limits = null, IReadOnlyList<PartFormat>? formats = null, string[]? conversations = null)
    {
        var export = new HtmlExport(await SandboxServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));
        foreach (Talk talk in talks)
            talk.AddTo(export.Sandbox);
        await using var harness = new RunHarness(export.Sandbox.BaseUrl, export.Store, limits);
        export.Manifest = await harness.ExportAsync(TimeRange.All, formats ?? [PartFormat.Html], TestContext.Current.CancellationToken, conversations ?? []);
        return export;
    }

    public string File(string path) => _folder.File($"lake/exports/{Manifest.RunId}/{path}");

    public string PageOf(string conversation, string page = "index.html") => File(conversation.Length > 0 ? $"messages_html/{conversation}/{page}" : $"messages_html/{page}");

    public async Task<IDocument> ReadAsync(string conversation, string page = "index.html")
    {
        string html = await System.IO.File.ReadAllTextAsync(PageOf(conversation, page), Encoding.UTF8, TestContext.Current.CancellationToken);
        return new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _folder.Dispose();
    }
}
