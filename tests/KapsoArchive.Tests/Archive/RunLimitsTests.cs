using KapsoArchive.Core.Archive;

namespace KapsoArchive.Tests.Archive;

public sealed class RunLimitsTests
{
    [Fact]
    public void Concurrent_runs_share_the_memory_of_one_and_row_groups_stay_large_enough()
    {
        long alone = new RunLimits().RowGroupBytes;

        RunLimits.Shared(1).ShouldBe(new RunLimits());
        RunLimits.Shared(3).ShouldBe(new RunLimits { RowGroupBytes = alone / 3 });
        RunLimits.Shared(16).ShouldBe(new RunLimits { RowGroupBytes = 3 * 1024 * 1024 });
    }
}
