using KapsoArchive.FunctionsHost;

namespace KapsoArchive.Tests.Functions;

/// <summary>A worker that cannot start.</summary>
public sealed class WorkerStartTests(FunctionsFixture fixture) : FunctionsTest(fixture)
{
    [Fact]
    public async Task A_worker_that_dies_at_its_start_is_started_three_times()
    {
        string folder = Folder.File("app");
        await PublishedApp.CopyAsync(folder, Cancellation);
        File.Delete(Path.Combine(folder, "KapsoArchive.Core.dll"));

        StandInHost host = await StartAsync(o => o with { Folder = folder });

        (host.IsUp, host.Starts).ShouldBe((false, StandInHost.Attempts));
        host.Log.Lines.ShouldContain(l => l.Source == LineSource.Console && l.Message.Contains("KapsoArchive.Core"));
    }
}
