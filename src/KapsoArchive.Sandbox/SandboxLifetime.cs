namespace KapsoArchive.Sandbox;

/// <summary>Leaves Ctrl+C to the program around the sandbox: a host would otherwise handle it.</summary>
internal sealed class SandboxLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
