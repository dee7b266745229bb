namespace KapsoArchive.Core.Lake.Views;

/// <summary>An engine cannot read a lake at this location. The message is a sentence for people, without secrets.</summary>
public sealed class LakeLocationException(string message) : Exception(message);
