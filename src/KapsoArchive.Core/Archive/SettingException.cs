namespace KapsoArchive.Core.Archive;

/// <summary>A setting or option is wrong. The message names it and the fix. No request was sent to the source.</summary>
public sealed class SettingException(string message, Exception? inner = null) : Exception(message, inner);
