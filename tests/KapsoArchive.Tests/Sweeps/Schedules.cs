using System.Globalization;
using CsCheck;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sweeps;

/// <summary>
/// Tries a check on many generated schedules: some of a fixed seed, the same in every run, and some of a fresh one.
/// <c>KAPSO_ARCHIVE_SCHEDULES</c> sets how many (500; 10,000 if
/// <c>KAPSO_ARCHIVE_EXHAUSTIVE</c> is 1), <c>KAPSO_ARCHIVE_SEED</c> the fixed seed (1). A failure prints the seed of its schedule.
/// </summary>
internal static class Schedules
{
    private static readonly ulong FreshSeed = (ulong)Random.Shared.NextInt64();

    public static long Count { get; } = Number("KAPSO_ARCHIVE_SCHEDULES") ?? Samples.Count(500, all: 10_000);

    public static ulong Seed { get; } = (ulong)(Number("KAPSO_ARCHIVE_SEED") ?? 1);

    /// <param name="schedules">Makes the schedules.</param>
    /// <param name="check">Throws if a schedule fails; then a smaller one that fails too is looked for, and its seed is printed.</param>
    public static async Task CheckAsync<T>(Gen<T> schedules, Func<T, Task> check)
    {
        for (uint i = 0; i < Count; i++)
        {
            string seed = new PCG(i, i % 4 == 3 ? FreshSeed : Seed).ToString();
            try
            {
                await SampleAsync(seed, iterations: 1);
            }
            catch (CsCheckException)
            {
                await SampleAsync(seed, iterations: 2_000);
                throw;
            }
        }

        // A given seed decides the first schedule only, so each schedule is given its own.
        Task SampleAsync(string seed, long iterations) => schedules.SampleAsync(check, seed: seed, iter: iterations, threads: 1, print: s => s!.ToString()!);
    }

    private static long? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
