namespace KapsoArchive.Sandbox.Http;

/// <summary>The state of a key's rate window after a request was counted.</summary>
internal readonly record struct KeyStanding(int Limit, int Remaining, bool Exceeded);
