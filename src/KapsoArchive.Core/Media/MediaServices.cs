using System.Net;
using KapsoArchive.Core.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KapsoArchive.Core.Media;

/// <summary>Registers the client of media.</summary>
internal static class MediaServices
{
    /// <summary>Adds <see cref="MediaClient"/>, once. All projects share it: it sends no key.</summary>
    public static IServiceCollection AddMediaClient(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(MediaClient)))
            return services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(PublicConnector.OfSystem);
        services.AddSingleton<MediaClient>();
        Add(services, MediaClient.ClientName, orThisMachine: false);
        Add(services, MediaClient.LocalClientName, orThisMachine: true);
        return services;
    }

    private static void Add(IServiceCollection services, string name, bool orThisMachine) =>
        services.AddHttpClient(name, Configure)
            .RemoveAllLoggers() // They would log addresses, which are secrets.
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<PublicConnector>().NewHandler(orThisMachine));

    private static void Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // A download has its own limits.
        client.DefaultRequestVersion = HttpVersion.Version11;
        client.DefaultRequestHeaders.Add("Accept", "*/*");
        client.DefaultRequestHeaders.Add("Accept-Encoding", "identity");
        client.DefaultRequestHeaders.Add("User-Agent", "kapso-archive");
    }
}
