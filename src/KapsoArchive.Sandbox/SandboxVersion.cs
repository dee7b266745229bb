namespace KapsoArchive.Sandbox;

/// <summary>A record as it was from one moment on.</summary>
/// <param name="AfterRequest">How many requests the listing had answered: the next one was the first that could show this version.</param>
/// <param name="Record">The record's JSON.</param>
public sealed record SandboxVersion(long AfterRequest, ReadOnlyMemory<byte> Record);
