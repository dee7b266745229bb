namespace KapsoArchive.Api;

/// <summary>Marks an endpoint that is open to everybody: the server asks no key for it.</summary>
public sealed class AnonymousEndpoint
{
    internal static AnonymousEndpoint Instance { get; } = new();
}
