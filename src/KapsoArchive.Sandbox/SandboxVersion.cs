namespace KapsoArchive.Sandbox;

/// <summary>A version of a record.</summary>
/// <param name="AfterRequest">The requests answered before this version existed; the next one was the first that could show it.</param>
/// <param name="Record">The record's JSON.</param>
internal sealed record SandboxVersion(long AfterRequest, ReadOnlyMemory<byte> Record);
