using System.Globalization;
using CsCheck;

namespace KapsoArchive.Tests.Runs.Sweeps;

/// <summary>
/// Tries a check on many generated schedules. <c>KAPSO_ARCHIVE_SCHEDULES</c> sets how many (500), <c>KAPSO_ARCHIVE_SEED</c> which (1). The same seed makes the same schedules.
/// </summary>
internal static class Schedules
{
    public static long Count { get; } = long.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_SCHEDULES") ?? "500", CultureInfo.InvariantCulture);

    public static ulong Seed { get; } = ulong.Parse(Environment.GetEnvironmentVariable("KAPSO_ARCHIVE_SEED") ?? "1", CultureInfo.InvariantCulture);

    /// <param name="schedules">Makes the schedules.</param>
    /// <param name="check">Throws where a schedule fails; then a smaller one that fails too is looked for, and its seed is told.</param>
    public static async Task CheckAsync<T>(Gen<T> schedules, Func<T, Task> check)
    {
        for (uint i = 0; i < Count; i++)
        {
            string seed = new PCG(i, Seed).ToString();
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
}
