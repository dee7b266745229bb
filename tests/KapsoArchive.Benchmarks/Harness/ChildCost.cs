using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Benchmarks.Harness;

/// <summary>What a child cost from its start to its last line, and what it found out.</summary>
/// <param name="Cpu">Seconds, user and system, of all its threads; the start of the runtime and its compiler included.</param>
/// <param name="Peak">Bytes of memory that were resident at most.</param>
/// <param name="Wall">Seconds.</param>
internal sealed record ChildCost(double Cpu, double Peak, double Wall, Dictionary<string, double> Facts)
{
    public double this[string fact] => Facts[fact];

    public static ChildCost OfThisProcess(Dictionary<string, double> facts)
    {
        using Process process = Process.GetCurrentProcess();
        return new ChildCost(
            Environment.CpuUsage.TotalTime.TotalSeconds,
            PeakResident() ?? process.PeakWorkingSet64,
            (DateTime.Now - process.StartTime).TotalSeconds,
            facts);
    }

    public static ChildCost FromJson(string json) => JsonSerializer.Deserialize<ChildCost>(json) ?? throw new JsonException("A child reported nothing.");

    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Linux's own high-water mark; null elsewhere.</summary>
    private static double? PeakResident()
    {
        const string Status = "/proc/self/status";
        const string Mark = "VmHWM:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal)) : null;
        return line is null ? null : double.Parse(line[Mark.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
