using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Archive;

namespace KapsoArchive.Tests.Cli.Serve;

public sealed class ServeOptionsTests
{
    [Fact]
    public void Workers_share_the_memory_of_one_and_row_groups_stay_large_enough()
    {
        long alone = new RunLimits().RowGroupBytes;

        new ServeOptions { Workers = 1 }.LimitsOfEach().ShouldBe(new RunLimits());
        new ServeOptions().LimitsOfEach().ShouldBe(new RunLimits { RowGroupBytes = alone / 3 });
        new ServeOptions { Workers = 16 }.LimitsOfEach().ShouldBe(new RunLimits { RowGroupBytes = 3 * 1024 * 1024 });
    }
}
