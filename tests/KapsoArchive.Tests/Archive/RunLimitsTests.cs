using KapsoArchive.Core.Archive;

namespace KapsoArchive.Tests.Archive;

public sealed class RunLimitsTests
{
    [Fact]
    public void Runs_at_once_share_the_memory_of_one_but_no_row_group_gets_too_small_for_its_readers()
    {
        long alone = new RunLimits().RowGroupBytes;

        RunLimits.Shared(1).ShouldBe(new RunLimits());
        RunLimits.Shared(3).ShouldBe(new RunLimits { RowGroupBytes = alone / 3 });
        RunLimits.Shared(16).ShouldBe(new RunLimits { RowGroupBytes = 3 * 1024 * 1024 });
    }
}
