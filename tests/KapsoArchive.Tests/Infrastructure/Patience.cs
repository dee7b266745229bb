namespace KapsoArchive.Tests.Infrastructure;

/// <summary>How long tests wait for what would otherwise hang. Nothing is proven by it: it is far longer than anything takes, on a slow
/// machine too.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
}
