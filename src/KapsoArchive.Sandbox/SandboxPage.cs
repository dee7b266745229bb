namespace KapsoArchive.Sandbox;

/// <summary>One page of a listing, as in the body of an answer.</summary>
/// <param name="Records">The records' JSON in the order listed.</param>
/// <param name="Meta">Null if absent.</param>
internal sealed record SandboxPage(IReadOnlyList<ReadOnlyMemory<byte>> Records, SandboxMeta? Meta);
