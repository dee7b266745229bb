using KapsoArchive.Core.Lake;

namespace KapsoArchive.Core.Archive;

/// <summary>Knows an id from anything else that somebody may send in its place.</summary>
public static class RunId
{
    private const string Form = "00000000T000000Z-xxxxxxxx";

    /// <summary>Whether the text has the form of an id: <c>yyyyMMddTHHmmssZ</c>, <c>-</c>, 8 hex digits.</summary>
    public static bool IsOne(string text)
    {
        if (text.Length != Form.Length)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            bool fits = Form[i] switch
            {
                '0' => char.IsAsciiDigit(text[i]),
                'x' => char.IsAsciiHexDigitLower(text[i]),
                char sign => text[i] == sign,
            };
            if (!fits)
                return false;
        }

        return true;
    }

    /// <summary>Whether it is an id that a run can have: its time exists, and is before the year 9999, so that the next run can have a greater one.</summary>
    public static bool LeavesRoom(string text) => IsOne(text) && Layout.TimeOf(text) is not null && !Layout.LeavesNoRoom(text);
}
