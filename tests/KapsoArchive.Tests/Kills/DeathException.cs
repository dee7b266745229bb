namespace KapsoArchive.Tests.Kills;

/// <summary>What every call of a dead process's store throws. Nothing in the program expects it, so nothing is tidied up.</summary>
internal sealed class DeathException() : Exception("The process is dead, as the test wants it.");
