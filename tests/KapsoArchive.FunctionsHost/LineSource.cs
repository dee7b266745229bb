namespace KapsoArchive.FunctionsHost;

/// <summary>Who wrote a line.</summary>
public enum LineSource
{
    /// <summary>The app's own loggers.</summary>
    User,

    /// <summary>The worker's loggers.</summary>
    System,

    /// <summary>The worker's process, on its standard output or error.</summary>
    Console,

    /// <summary>The host.</summary>
    Host,
}
