using System.Text.Json;

namespace KapsoArchive.FunctionsHost.Workers;

/// <summary>How the published <c>worker.config.json</c> has the worker started.</summary>
internal sealed record WorkerFile(string Executable, string Program)
{
    public static WorkerFile Read(string folder)
    {
        JsonElement description = JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "worker.config.json"))).GetProperty("description");
        return new WorkerFile(description.GetProperty("defaultExecutablePath").GetString()!, Path.Combine(folder, description.GetProperty("defaultWorkerPath").GetString()!));
    }
}
