namespace KapsoArchive.Core.Lake.Views;

/// <summary>An engine cannot read a lake at this place. The message is a sentence for people, without a secret.</summary>
public sealed class LakeLocationException(string message) : Exception(message);
