using System.Net;
using System.Text;
using System.Text.Json;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Functions;
using KapsoArchive.Tests.Functions.Api;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Api;

/// <summary>What the tests of the API share: a door to it over an empty folder, and words for asking it. The classes that
/// <c>Functions/Api</c> derives from are the contract of both doors: they ask <see cref="Door"/> only.</summary>
public abstract class ApiTest : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _others = [];
    private IApiDoor? _door;

    /// <summary>What signs the callbacks of both doors.</summary>
    internal const string CallbackSecret = "callback-secret-of-the-tests-0123456789";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static SandboxOptions World { get; } = new() { Conversations = 3, Messages = 60, IncludeSamples = false };

    protected string Folder { get => field ?? _folder.File("store"); private set; }

    private protected FolderStore Store { get; private set; } = null!;

    private protected SandboxServer Sandbox { get; private set; } = null!;

    private protected IApiDoor Door => _door!;

    /// <summary>The server of this process, for what no other door can be asked for.</summary>
    private protected ApiHost Host => (ApiHost)Door;

    protected HttpClient Client => Door.Client;

    /// <summary>The published function app, if it is the door that is tested; null for the endpoints of this process.</summary>
    private protected virtual FunctionsFixture? Functions => null;

    public async ValueTask InitializeAsync()
    {
        if (Functions is { } functions)
        {
            FunctionsDoor door = await functions.DoorAsync();
            await door.ResetAsync(Cancellation);
            (_door, Sandbox, Folder) = (door, door.Sandbox, door.Store);
        }
        else
        {
            Sandbox = await SandboxServer.StartAsync(World, cancellationToken: Cancellation);
            _others.Add(Sandbox);
        }

        Store = new FolderStore(Folder);
        await Store.PrepareAsync(Cancellation);
        _door ??= await AnotherAsync(Store, settings: [new("Archive:Conversations", "all"), new("Api:CallbackSecret", CallbackSecret)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable other in Enumerable.Reverse(_others))
            await other.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another server, which ends with the test.</summary>
    private protected async Task<ApiHost> AnotherAsync(IStore? store, TimeProvider? time = null, bool needsNight = false, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        ApiHost host = await ApiHost.StartAsync(store, Sandbox.BaseUrl, time, needsNight, settings: settings);
        _others.Add(host);
        return host;
    }

    protected static HttpContent Json(string json) => new StringContent(json, Encoding.UTF8, "application/json");

    protected async Task<HttpResponseMessage> PostExportAsync(string json, string? operationId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/exports") { Content = Json(json) };
        if (operationId is not null)
            request.Headers.TryAddWithoutValidation("Operation-Id", operationId);
        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>Asks for an export, and has it carried out.</summary>
    /// <returns>Its id.</returns>
    protected async Task<string> ExportAsync(string json = """{"conversations": "all"}""")
    {
        using HttpResponseMessage answer = await PostExportAsync(json);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        string id = (await ReadAsync(answer)).GetProperty("id").GetString()!;
        await Door.WorkAsync();
        return id;
    }

    /// <returns>The status and the whole answer to a GET of exactly this target.</returns>
    private protected async Task<(int Status, string Answer)> GetRawAsync(string target)
    {
        string answer = await Door.SendWholeAsync(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancellation);
        return (ApiHost.StatusOf(answer), answer);
    }

    protected async Task<JsonElement> GetAsync(string address)
    {
        using HttpResponseMessage answer = await Client.GetAsync(address, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await ReadAsync(answer);
    }

    protected static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(Cancellation));

    /// <summary>The answer is this problem, told as RFC 9457 has it.</summary>
    /// <param name="type">The last part of its type.</param>
    /// <param name="fields">The fields it names; none for no <c>errors</c>.</param>
    /// <returns>The document.</returns>
    protected static async Task<JsonElement> ShouldBeProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type, params string[] fields)
    {
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync(Cancellation));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonElement problem = await ReadAsync(answer);
        problem.GetProperty("type").GetString().ShouldBe($"urn:kapso-archive:problem:{type}");
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.TryGetProperty("instance", out _).ShouldBeFalse();
        string[] named = problem.TryGetProperty("errors", out JsonElement errors) ? [.. errors.EnumerateObject().Select(e => e.Name)] : [];
        named.ShouldBe(fields, ignoreOrder: true);
        return problem;
    }

    /// <summary>Every file below the store's folder, by its path.</summary>
    protected IReadOnlyDictionary<string, byte[]> Files() =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.')).ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllBytes);
}
