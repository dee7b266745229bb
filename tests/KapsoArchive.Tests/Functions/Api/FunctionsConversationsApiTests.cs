using KapsoArchive.Tests.Api;

namespace KapsoArchive.Tests.Functions.Api;

/// <summary>The same of the published function app.</summary>
[Collection(FunctionsTests.Name)]
public sealed class FunctionsConversationsApiTests(FunctionsFixture fixture) : ConversationsApiTests
{
    private protected override FunctionsFixture Functions => fixture;
}
