using KapsoArchive.Tests.Functions;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Tests of what a host gives seconds for. They run one after the other, when all others have ended.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<FunctionsFixture>;
