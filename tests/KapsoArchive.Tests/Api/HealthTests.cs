namespace KapsoArchive.Tests.Api;

/// <summary>What anybody may ask.</summary>
public class HealthTests : ApiTest
{
    [Fact]
    public async Task The_server_is_live() => (await GetAsync("/api/health/live")).GetRawText().ShouldBe("""{"status":"live"}""");

    [Fact]
    public async Task The_program_is_ready() => (await GetAsync("/api/health/ready")).GetRawText().ShouldBe("""{"status":"ready","checks":{"settings":"ok","store":"ok","queue":"ok"}}""");
}
