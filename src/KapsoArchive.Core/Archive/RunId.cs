using System.Text.RegularExpressions;
using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Archive;

/// <summary>Knows an id from anything else that somebody may send in its place.</summary>
public static partial class RunId
{
    /// <summary>Whether the text has the form of an id: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>Whether it is an id that a run can have: its time exists, and is before the year 9999, so that the next run can have a greater one.</summary>
    public static bool LeavesRoom(string text) => IsOne(text) && Layout.TimeOf(text) is not null && !Layout.LeavesNoRoom(text);

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
