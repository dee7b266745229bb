namespace KapsoArchive.FunctionsHost;

/// <summary>How a host and its worker end.</summary>
public enum StopWay
{
    /// <summary>As at a restart or a platform update: "On SIGTERM it waits ten seconds, does not cancel the function's token in that time, then
    /// sends WorkerTerminate with five seconds of grace."</summary>
    Signal,

    /// <summary>WorkerTerminate alone, with five seconds of grace.</summary>
    Terminate,

    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>The host dies, and the worker lives on without it.</summary>
    HostAlone,
}
