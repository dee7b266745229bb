using System.Text.Encodings.Web;
using System.Text.Json;
using KapsoArchive.Benchmarks.Measures;

namespace KapsoArchive.Benchmarks.Report;

/// <summary>The figures for a program to read.</summary>
internal static class FigureJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(IReadOnlyList<Figure> figures, BenchmarkOptions options) => JsonSerializer.Serialize(
        new
        {
            options.Messages,
            options.Rounds,
            Figures = figures.Select(f => new { f.Benchmark, f.Measure, f.Value, f.Unit, f.Goal, Met = f.Goal is null ? (bool?)null : f.IsMet }),
        },
        Indented);
}
