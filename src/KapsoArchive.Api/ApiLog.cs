namespace KapsoArchive.Api;

/// <summary>The category under which the API logs.</summary>
internal abstract class ApiLog;
