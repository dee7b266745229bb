using System.Globalization;
using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Runs.Dispatch;

/// <summary>Knows an id from anything else that somebody may send in its place.</summary>
public static partial class RunId
{
    private static readonly DateTime Last = new(9998, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    /// <summary>Whether the text has the form of an id: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>Whether it is an id that a run can have: its time exists, and is before the year 9999, so that the next run can have a greater one.</summary>
    public static bool LeavesRoom(string text) =>
        IsOne(text)
        && DateTime.TryParseExact(text[..text.IndexOf('-')], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime time)
        && time < Last;

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
