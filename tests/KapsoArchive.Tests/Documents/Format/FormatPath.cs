using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>A path of an area, as the page gives it, and the document that lies there.</summary>
internal sealed record FormatPath(string Area, string Path, Regex Pattern, FormatDocument Document);
