using System.Net.Sockets;
using System.Runtime.InteropServices;
using KapsoArchive.Sandbox;

const int BadUsage = 2;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(SandboxArguments.Usage);
    return 0;
}

try
{
    var options = SandboxArguments.Read(args);
    await using var server = await SandboxServer.StartAsync(options);
    string limit = options.RateLimit == 0 ? "none" : $"{options.RateLimit} requests per {options.Window.TotalSeconds} s";
    const string Archiver = "dotnet run --project src/KapsoArchive.Cli -- run --conversations all --out ./lake";
    Console.WriteLine(
        $"""
        Sandbox   {server.BaseUrl}
        API key   {options.ApiKey}
        Holds     {options.Conversations} conversations, {options.Messages} messages (seed {options.Seed}, {options.Order})
        Media     {(options.Media is null ? "none" : "served behind the records' links")}
        Limit     {limit}
        Control   {new Uri(server.BaseUrl, "/sandbox/")} (see --help)

        Archive it:
          Kapso__ApiKey={options.ApiKey} Kapso__BaseUrl={server.BaseUrl} {Archiver}

        Ctrl+C ends it.
        """);
    await StopSignalAsync();
    return 0;
}
catch (FormatException wrongArgument)
{
    Console.Error.WriteLine(wrongArgument.Message);
    return BadUsage;
}
catch (Exception noListening) when (noListening is IOException or SocketException)
{
    Console.Error.WriteLine($"Cannot listen there: {noListening.Message.TrimEnd('.')}. Choose another port with --port.");
    return BadUsage;
}

static async Task StopSignalAsync()
{
    var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    await stop.Task;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
