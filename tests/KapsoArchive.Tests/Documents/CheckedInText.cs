namespace KapsoArchive.Tests.Documents;

/// <summary>A file that is made by a test and checked in: compared with what is made now, or written anew where the environment says so.</summary>
internal static class CheckedInText
{
    public const string UpdateVariable = "KAPSO_ARCHIVE_UPDATE";

    public static bool IsToBeUpdated => Environment.GetEnvironmentVariable(UpdateVariable) == "1";

    public static async Task ShouldBeAsync(string file, string made, CancellationToken cancellationToken)
    {
        if (IsToBeUpdated)
            await File.WriteAllTextAsync(file, made, cancellationToken);

        (await File.ReadAllTextAsync(file, cancellationToken)).ShouldBe(made, $"run this test with {UpdateVariable}=1 and look at what changed in {Path.GetFileName(file)}");
    }
}
