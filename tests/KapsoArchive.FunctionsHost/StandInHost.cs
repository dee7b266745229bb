using System.Diagnostics;
using KapsoArchive.FunctionsHost.Http;
using KapsoArchive.FunctionsHost.Queues;
using KapsoArchive.FunctionsHost.Timers;
using KapsoArchive.FunctionsHost.Workers;

namespace KapsoArchive.FunctionsHost;

/// <summary>
/// Stands in for the Functions host, which no package has: starts the published worker and drives it as the host does. Sentences in
/// quotation marks are the observations of a real host that it follows.
/// </summary>
public sealed class StandInHost : IAsyncDisposable
{
    /// <summary>"three attempts at starting a worker that dies before it gives up"</summary>
    public const int Attempts = 3;

    private static readonly TimeSpan SignalGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(5);

    private readonly HostOptions _options;
    private readonly WorkerGate _gate;
    private readonly FunctionKeys _keys = new();
    private readonly CancellationTokenSource _stopping = new();
    private Worker? _worker;
    private Invoker? _invoker;
    private HttpForwarding? _forwarding;
    private HttpFrontDoor? _door;
    private TimerTrigger[] _timers = [];
    private QueueTrigger[] _queues = [];
    private QueueListener[] _listeners = [];
    private Task _startup = Task.CompletedTask;

    private StandInHost(HostOptions options, WorkerGate gate)
    {
        (_options, _gate) = (options, gate);
        Settings = HostFile.Read(options.Folder);
        Waits = new Waits(options.LongestWait);
    }

    /// <summary>What host.json says.</summary>
    public HostFile Settings { get; }

    public HostLog Log { get; } = new();

    public Waits Waits { get; }

    /// <summary>How many workers were started until one lived.</summary>
    public int Starts { get; private set; }

    /// <summary>Where callers reach the app.</summary>
    public Uri Url => _door!.Url;

    /// <summary>A key of level Function.</summary>
    public string FunctionKey => _keys.Function;

    public string MasterKey => _keys.Master;

    public IReadOnlyList<FunctionDeclaration> Functions => _worker?.Functions ?? [];

    public IReadOnlyDictionary<string, string> Capabilities => _worker!.Capabilities;

    public int WorkerId => _worker!.Process.Id;

    /// <summary>Bytes of memory that the worker had at most until now.</summary>
    public long PeakWorkerMemory => _worker!.Process.PeakWorkingSet;

    /// <summary>The functions that the host disabled, with its reasons.</summary>
    public IReadOnlyDictionary<string, string> Disabled => _timers.Where(t => t.FindFault() is not null).ToDictionary(t => t.Function.Name, t => t.FindFault()!, StringComparer.Ordinal);

    /// <summary>The finished deliveries of all queues, those of one queue in order.</summary>
    public IReadOnlyList<Delivery> Deliveries => [.. _queues.SelectMany(q => q.Deliveries)];

    /// <summary>How many looks in a row found nothing in any queue while no delivery was in progress.</summary>
    public int IdleLooks => _listeners.Min(l => l.IdleLooks);

    /// <summary>How many invocations of a function ran at the same time, at most.</summary>
    public int MostAtOnce(string function) => _invoker!.MostAtOnce(function);

    /// <summary>Whether the host lives. One whose worker died at each attempt has given up ("then recycles itself"), and answers
    /// nothing.</summary>
    public bool IsUp => _door is not null;

    /// <summary>Starts the host and its worker.</summary>
    public static async Task<StandInHost> StartAsync(HostOptions options, CancellationToken cancellationToken)
    {
        var host = new StandInHost(options, await WorkerGate.OpenAsync(cancellationToken));
        try
        {
            await host.StartWorkerAsync(cancellationToken);
            if (host._worker is { } worker)
                await host.ServeAsync(worker, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fires a timer now, with the tries of its retry policy.</summary>
    /// <exception cref="InvalidOperationException">There is no such timer, or the host disabled it.</exception>
    public Task<InvocationOutcome> FireTimerAsync(string function, bool isPastDue = false)
    {
        TimerTrigger timer = _timers.SingleOrDefault(t => t.Function.Name == function) ?? throw new InvalidOperationException($"No timer fires {function}.");
        return timer.FindFault() is { } fault ? throw new InvalidOperationException(fault) : timer.FireAsync(isPastDue, _stopping.Token);
    }

    /// <summary>Delivers the visible messages of all queues, and those that come meanwhile, until there are none.</summary>
    public async Task DeliverAsync(CancellationToken cancellationToken)
    {
        bool isAny = true;
        while (isAny)
        {
            isAny = false;
            foreach (QueueTrigger queue in _queues)
            {
                IReadOnlyList<Task> received = await queue.ReceiveAsync(Settings.BatchSize, cancellationToken);
                await Task.WhenAll(received);
                isAny |= received.Count > 0;
            }
        }
    }

    /// <summary>Waits for what the start set going: the timers that fire then.</summary>
    public Task StartedAsync() => _startup;

    /// <summary>Ends the host and its worker. Messages whose functions did not end in time stay leased.</summary>
    public async Task<StopOutcome> StopAsync(StopWay way)
    {
        var clock = Stopwatch.StartNew();
        Worker worker = _worker!;
        await _stopping.CancelAsync();
        if (way == StopWay.HostAlone)
        {
            Die();
            worker.HangUp();
            await Task.WhenAll(_listeners.Select(l => l.StopAsync()));
            await Task.WhenAll(_listeners.Select(l => l.EndAsync()));
            return new StopOutcome(ExitCode: null, HadToBeKilled: false, clock.Elapsed);
        }

        if (way == StopWay.Signal)
            worker.Process.Terminate();
        Task listening = Task.WhenAll(_listeners.Select(l => l.StopAsync()));
        bool isOver = way == StopWay.Signal && await worker.Process.ExitsWithinAsync(SignalGrace);
        if (!isOver && way != StopWay.Kill)
        {
            worker.Terminate(TerminateGrace);
            isOver = await worker.Process.ExitsWithinAsync(TerminateGrace);
        }

        if (!isOver)
        {
            Die();
            worker.Process.Kill();
            await worker.Process.ExitsWithinAsync(Timeout.InfiniteTimeSpan);
        }

        await listening;
        await Task.WhenAll(_listeners.Select(l => l.EndAsync()));
        return new StopOutcome(worker.Process.ExitCode, HadToBeKilled: !isOver && way != StopWay.Kill, clock.Elapsed);
    }

    /// <summary>Makes the messages that this host held when it died visible, as the end of their ten minutes would.</summary>
    public async Task EndLeasesAsync(CancellationToken cancellationToken)
    {
        foreach (QueueTrigger queue in _queues)
            await queue.EndLeasesAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Die();
        foreach (QueueListener listener in _listeners)
            await listener.DisposeAsync();
        if (_door is not null)
            await _door.DisposeAsync();
        if (_worker is not null)
            await _worker.DisposeAsync();
        await Task.WhenAll(_listeners.Select(l => l.EndAsync()).Append(_startup));
        _forwarding?.Dispose();
        await _gate.DisposeAsync();
        _stopping.Dispose();
    }

    private void Die()
    {
        foreach (QueueTrigger queue in _queues)
            queue.Die();
    }

    private async Task StartWorkerAsync(CancellationToken cancellationToken)
    {
        while (_worker is null && Starts < Attempts)
        {
            Starts++;
            try
            {
                _worker = await Worker.StartAsync(_options, _gate, Log, cancellationToken);
            }
            catch (IOException e)
            {
                Log.Add(LineSource.Host, "Error", e.Message);
            }
        }
    }

    private async Task ServeAsync(Worker worker, CancellationToken cancellationToken)
    {
        var settings = new AppSettings(_options.Settings);
        Invoker invoker = _invoker = new Invoker(worker, Settings, Log, Waits);
        _forwarding = new HttpForwarding(worker.HttpUrl);
        HttpTrigger[] triggers = [.. Bound("httpTrigger", (f, b) => new HttpTrigger(f, b, _forwarding, invoker))];
        _timers = [.. Bound("timerTrigger", (f, b) => new TimerTrigger(f, b, settings, invoker))];
        _queues = [.. Bound("queueTrigger", (f, b) => new QueueTrigger(f, b, Settings, settings, invoker, Waits))];
        _door = await HttpFrontDoor.OpenAsync(triggers, Settings.RoutePrefix, _keys, cancellationToken);
        foreach (string fault in Disabled.Values)
            Log.Add(LineSource.Host, "Error", fault);
        if (_options.ListensToQueues)
            _listeners = [.. _queues.Select(q => new QueueListener(q, Settings, Waits, Log))];
        foreach (QueueListener listener in _listeners)
            listener.Start();
        if (_options.FiresStartupTimers)
            _startup = Task.WhenAll(_timers.Where(t => t.RunsOnStartup && t.FindFault() is null).Select(StartupAsync));

        IEnumerable<T> Bound<T>(string type, Func<FunctionDeclaration, System.Text.Json.JsonElement, T> make) =>
            worker.Functions.Where(f => f.Find(type) is not null).Select(f => make(f, f.Find(type)!.Value));
    }

    private async Task StartupAsync(TimerTrigger timer)
    {
        try
        {
            await timer.FireAsync(isPastDue: false, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped between two tries.
        }
    }
}
