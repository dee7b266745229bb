using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sandbox;

public sealed class SandboxArgumentsTests
{
    [Fact]
    public void Without_arguments_the_program_listens_on_5080_with_a_limit_of_2000() =>
        SandboxArguments.Read([]).ShouldBe(new SandboxOptions { Url = new Uri("http://127.0.0.1:5080"), RateLimit = 2000, Media = new() });

    [Fact]
    public void Every_option_is_read() =>
        SandboxArguments.Read(
            [
                "--port", "0", "--conversations", "500", "--messages=100000", "--seed", "-7", "--order", "none",
                "--rate-limit", "0", "--window", "5", "--key", "secret", "--samples", "false", "--media", "false",
            ])
            .ShouldBe(new SandboxOptions
            {
                Url = new Uri("http://127.0.0.1:0"),
                Conversations = 500,
                Messages = 100_000,
                Seed = -7,
                Order = SandboxOrder.Unordered,
                RateLimit = 0,
                Window = TimeSpan.FromSeconds(5),
                ApiKey = "secret",
                IncludeSamples = false,
            });

    [Theory]
    [InlineData("There is no option --prot. --help lists them all.", "--prot", "5080")]
    [InlineData("There is no option 5080. --help lists them all.", "5080")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("--port needs a value.", "--port", "--seed", "1")]
    [InlineData("--port must be a whole number from 0 to 65535; it is 70000.", "--port", "70000")]
    [InlineData("--messages must be a whole number from 0 to 1000000000; it is many.", "--messages", "many")]
    [InlineData("--order must be newest, oldest or none; it is random.", "--order", "random")]
    [InlineData("--samples must be true or false; it is no.", "--samples", "no")]
    [InlineData("--chaos must be a number from 0 to 1, such as 0.05; it is 2.", "--chaos", "2")]
    [InlineData("--moving must be a number from 0 to 1, such as 0.05; it is -0.1.", "--moving", "-0.1")]
    [InlineData("Give --faults or --chaos, not both.", "--faults", "faults.json", "--chaos", "0.1")]
    public void A_wrong_argument_is_reported(string message, params string[] arguments) =>
        Should.Throw<FormatException>(() => SandboxArguments.Read(arguments)).Message.ShouldBe(message);

    [Fact]
    public void Chaos_and_movement_and_a_competitor_are_read()
    {
        var options = SandboxArguments.Read(["--chaos", "0.2", "--moving=0.05", "--competitor", "30", "--malformed", "0.01"]);

        options.Faults.ShouldBe(SandboxFaults.Mixed(0.2));
        options.Movement.ShouldBe(SandboxMovement.Mixed(0.05));
        options.CompetingRequestsPerWindow.ShouldBe(30);
        options.MalformedShare.ShouldBe(0.01);
    }

    [Fact]
    public void The_size_of_the_files_is_read() => SandboxArguments.Read(["--media-bytes", "100000"]).Media.ShouldBe(new SandboxMedia { Bytes = 100_000 });

    [Fact]
    public void Faults_are_read_from_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "faults.json");

        File.WriteAllText(file, """{"reset":0.5,"seed":9}""");
        SandboxArguments.Read(["--faults", file]).Faults.ShouldBe(new SandboxFaults { Reset = 0.5, Seed = 9 });

        File.WriteAllText(file, """{"resets":0.5}""");
        Should.Throw<FormatException>(() => SandboxArguments.Read(["--faults", file])).Message.ShouldStartWith($"--faults {file}: There is no member resets;");
        Should.Throw<FormatException>(() => SandboxArguments.Read(["--faults", file + "x"])).Message.ShouldStartWith("--faults: Could not find file");
    }
}
