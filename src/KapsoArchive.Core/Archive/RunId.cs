using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Archive;

/// <summary>Validates the ids of runs.</summary>
public static partial class RunId
{
    /// <summary>Whether the text has the form of an id: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>Whether a run can have this id: its time exists and is before the year 9999, so that the next run can have a greater
    /// one.</summary>
    public static bool LeavesRoom(string text) => IsOne(text) && Layout.TimeOf(text) is not null && !Layout.LeavesNoRoom(text);

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
