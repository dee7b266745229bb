using System.Diagnostics;
using System.Text;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Cli.Serve;

/// <summary>The server as a process of its own. It is ended, whatever happens.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Address = "Listens   ";

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ServeProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>Speaks to the server. Redirects are not followed.</summary>
    public HttpClient Http { get; private set; } = new();

    /// <summary>What the server has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Starts a server and returns once it listens.</summary>
    /// <param name="arguments">None: it listens to this machine, at a port of its choice.</param>
    public static async Task<ServeProcess> StartAsync(string folder, IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments)
    {
        var server = new ServeProcess(CliProcess.StartProcess(folder, settings, ["serve", .. arguments is [] ? ["--urls", "http://127.0.0.1:0"] : arguments]));
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Patience.Limit);
            while (await server._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (!line.StartsWith(Address, StringComparison.Ordinal))
                    continue;
                server.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(line[Address.Length..].Replace("0.0.0.0", "127.0.0.1")) };
                return server;
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        string log = server.Log;
        await server.DisposeAsync();
        throw new InvalidOperationException($"The server did not start: {log}");
    }

    /// <summary>Sends SIGKILL and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends the server as a supervisor does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Signal.Send(_process, CliProcess.SigTerm);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
