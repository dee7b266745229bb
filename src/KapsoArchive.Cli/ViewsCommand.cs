using KapsoArchive.Core.Lake.Views;

namespace KapsoArchive.Cli;

/// <summary><c>kapso-archive views</c>: prints the SQL that creates a lake's views. Does not call the source or read the store.</summary>
internal static class ViewsCommand
{
    private static readonly string[] Engines = [.. Enum.GetNames<LakeEngine>().Select(name => name.ToLowerInvariant())];

    public static string EngineNames { get; } = $"{string.Join(", ", Engines[..^1])} or {Engines[^1]}";

    public static Task<int> ExecuteAsync(
        string? engine, string? destination, bool isRelative, CancellationToken cancellationToken) => Failure.ReportedAsync(
        async () =>
        {
            LakeEngine chosen = Parse(engine);
            await using CliServices services = CliServices.ForStore(destination);
            await Terminal.SayAsync(Script(chosen, services.Store.Location, isRelative).TrimEnd());
            return ExitCode.Complete;
        },
        json: false, cancellationToken);

    private static LakeEngine Parse(string? engine)
    {
        if (engine is null)
            throw new SettingException($"--engine is missing. Choose {EngineNames}.");
        int index = Array.FindIndex(Engines, name => name.Equals(engine, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? Enum.GetValues<LakeEngine>()[index]
            : throw new SettingException($"--engine: there is no engine \"{engine}\". Choose {EngineNames}.");
    }

    private static string Script(LakeEngine engine, string location, bool isRelative)
    {
        try
        {
            return ViewScript.For(engine, new LakeLocation(location, isRelative));
        }
        catch (LakeLocationException e)
        {
            throw new SettingException($"Archive:Destination (environment Archive__Destination, or --out): {e.Message}", e);
        }
    }
}
