namespace KapsoArchive.Api;

/// <summary>Marks an endpoint that needs no key.</summary>
public sealed class AnonymousEndpoint
{
    internal static AnonymousEndpoint Instance { get; } = new();
}
