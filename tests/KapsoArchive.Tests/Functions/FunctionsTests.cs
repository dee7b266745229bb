namespace KapsoArchive.Tests.Functions;

/// <summary>The tests of the published function app, under the stand-in for its host.</summary>
[CollectionDefinition(Name)]
public sealed class FunctionsTests : ICollectionFixture<FunctionsFixture>
{
    public const string Name = "The published function app";
}
