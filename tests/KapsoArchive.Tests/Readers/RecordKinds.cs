using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;
using static KapsoArchive.Tests.Readers.RecordKind;

namespace KapsoArchive.Tests.Readers;

/// <summary>Every kind of record that the readers' matrix has: what is odd in texts, types, JSON, times and ids, and the shapes of messages.</summary>
internal static class RecordKinds
{
    public static IReadOnlyList<RecordKind> All { get; } = [.. Texts(), .. Types(), .. Json(), .. Times(), .. Ids(), .. Shapes()];

    private static IEnumerable<RecordKind> Texts()
    {
        foreach ((string name, string content) in (IEnumerable<(string, string)>)
        [
            ("an empty text", ""),
            ("a text of spaces", "   "),
            ("a text of 1 MB", new string('x', 1_000_000)),
            ("a first half of a surrogate pair", @"half \ud83d"),
            ("a second half of a surrogate pair", @"\ude00 half"),
            ("a surrogate pair in the wrong order", @"\ude00\ud83d"),
            ("a surrogate pair after a half", @"\ud83d\ud83d\ude00"),
            ("a surrogate pair as escapes", @"\ud83d\ude00"),
            ("what looks like an escape: a backslash before ud83d", @"\\ud83d"),
            ("NUL", @"before\u0000after"),
            ("NUL alone", @"\u0000"),
            ("control characters", @"\u0001\u0002\b\f\u000b\u001b[31mred\u001f\u007f\u0085"),
            ("a byte order mark first", "\uFEFFtext"),
            ("CR, LF and CRLF", @"one\rtwo\nthree\r\n"),
            ("the line separators of Unicode", "one\u2028two\u2029three"),
            ("quotes and backslashes", @"\""'`\\\""\\"),
            ("separators", @"a\tb;c,d|e"),
            ("an emoji", "a😊"),
            ("an emoji of several characters", "👨‍👩‍👧‍👦 ❤️"),
            ("U+E000, which UTF-16 sorts after an emoji", "a\uE000"),
            ("U+FFFD itself", "a\uFFFD"),
            ("U+FFFF, no character", "a\uFFFF"),
            ("U+10FFFF, no character", "a\U0010FFFF"),
            ("an accent of its own", "e\u0301 é"),
            ("right to left", "\u202Etxt.exe العربية"),
            ("a formula", @"=HYPERLINK(\""https://evil.example\"",\""x\"")"),
            ("a text that reads as JSON", @"{\""a\"":[1,null]}"),
            ("the text null", "null"),
            ("a text that reads as a number", "007"),
            ("SQL", "'; DROP TABLE messages; --"),
        ])
            yield return With(name, ("content", $"\"{content}\""));
    }

    private static IEnumerable<RecordKind> Types() =>
    [
        new("a removed message", "a removed message", Record: null),
        Whole("nothing but an id", "nothing but an id", """{"id":"nothing but an id"}"""),
        With("null in every member", [.. Members.Where(member => member != "id").Select(member => (member, "null"))]),
        With("a number in place of text", ("content", "5"), ("phone_number", "5215550001234567890123"), ("status", "-0.0")),
        With("true in place of text", ("content", "true"), ("direction", "false")),
        With("a list in place of text", ("content", """["a",{"b":1}]"""), ("whatsapp_message_id", "[]")),
        With("an object in place of text", ("content", """{"a":1}"""), ("whatsapp_message_id", """{"x":1}""")),
        With("a member without a column", ("reply_to", """{"id":"x"}"""), ("context", "null")),
        With("text in place of metadata", ("metadata", "\"a text\""), ("message_type_data", "\"\"")),
        With("a number for metadata", ("metadata", "5"), ("message_type_data", "-1.5e-3")),
        With("false for metadata", ("metadata", "false"), ("message_type_data", "true")),
        With("a list for metadata", ("metadata", """[1,"two",[3]]"""), ("message_type_data", "[]")),
        Whole("line breaks between members", "line breaks between members", "{\n  \"id\" : \"line breaks between members\",\r\n\t\"metadata\" : { \"a\" :\n 1 , \"after\" : \"seen\" } }"),
    ];

    private static IEnumerable<RecordKind> Json()
    {
        foreach ((string name, string number) in (IEnumerable<(string, string)>)
        [
            ("a number beyond a double", "1e400"),
            ("a negative number beyond a double", "-1e400"),
            ("a number too small for a double", "1e-400"),
            ("more digits than 64 bits", "123456789012345678901234567890"),
            ("more digits than a double", "0.1234567890123456789"),
            ("a whole number beyond 2⁵³", "9007199254740993"),
            ("the largest of 64 bits", "9223372036854775807"),
            ("the largest of 64 bits without a sign", "18446744073709551615"),
            ("minus zero", "-0"),
            ("a number with a zero at its end", "1.50"),
        ])
            yield return With(name, ("metadata", $$"""{"n":{{number}},"after":"seen"}"""));
        foreach (int depth in (IEnumerable<int>)[60, 64, 128, 250])
            yield return With($"JSON nested {depth} deep", ("metadata", $$"""{"a":{{Nested(depth - 1)}},"after":"seen"}"""));
        foreach ((string name, string metadata) in (IEnumerable<(string, string)>)
        [
            ("a name twice", """{"a":1,"a":2,"after":"seen"}"""),
            ("a name twice, once as an escape", """{"a":1,"\u0061":{"b":1,"b":2},"after":"seen"}"""),
            ("names that differ in case", """{"a":1,"A":2,"after":"seen"}"""),
            ("an empty name", """{"":1,"after":"seen"}"""),
            ("a name with half a surrogate pair", """{"\udc00name":1,"after":"seen"}"""),
            ("a name with NUL", """{"a\u0000b":1,"after":"seen"}"""),
            ("a name with a quote, a dot and a dollar", """{"a\".b$":1,"after":"seen"}"""),
            ("a name of JavaScript", """{"__proto__":{"a":1},"after":"seen"}"""),
            ("half a surrogate pair in JSON", """{"a":["\ud83d"],"after":"seen"}"""),
            ("NUL in JSON", """{"a":"b\u0000c","after":"seen"}"""),
            ("escapes of a slash and a letter", """{"a":"\/\u0062","after":"seen"}"""),
            ("1,000 members", $$"""{{{string.Concat(Enumerable.Range(0, 998).Select(i => $"\"m{i}\":{i},"))}}"n":1,"after":"seen"}"""),
            ("JSON of 1 MB", $$"""{"a":"{{new string('y', 1_000_000)}}","after":"seen"}"""),
            ("spaces and line breaks in JSON", "{ \"a\" :\t[ 1 ,\n 2 ] , \"after\" : \"seen\" }"),
        ])
            yield return With(name, ("metadata", metadata));
        yield return Whole("a column's name twice", "a column's name twice", """{"id":"a column's name twice","direction":"outbound","content":1,"direction":"inbound","content":"last"}""");
        yield return Whole("a column's name in another case", "a column's name in another case", """{"id":"a column's name in another case","ID":"other","Content":"other","content":"own"}""");
        yield return With("a member _archive of its own", ("_archive", """{"conversation_id":"forged","change":"removed"}"""), ("_ARCHIVE", "1"));
        yield return With("a member _record_base64 of its own", ("_record_base64", "\"eyJpZCI6ImZvcmdlZCJ9\""));
    }

    private static IEnumerable<RecordKind> Times()
    {
        foreach ((string name, string time) in (IEnumerable<(string, string)>)
        [
            ("a time with microseconds", "\"2026-03-02T09:00:00.123456Z\""),
            ("a time with nanoseconds", "\"2026-03-02T09:00:00.123456789Z\""),
            ("a time with an offset", "\"2026-03-02T09:00:00.5+05:30\""),
            ("a time with an offset and nanoseconds", "\"2026-03-02T01:30:00.123456789-08:00\""),
            ("a time without an offset", "\"2026-03-02T09:00:00\""),
            ("a time with a space", "\"2026-03-02 09:00:00Z\""),
            ("a time with a comma", "\"2026-03-02T09:00:00,25Z\""),
            ("the first moment of year 1", "\"0001-01-01T00:00:00Z\""),
            ("a time before year 1 in UTC", "\"0001-01-01T00:00:00+02:00\""),
            ("year 0", "\"0000-01-01T00:00:00Z\""),
            ("a negative year", "\"-0001-01-01T00:00:00Z\""),
            ("year 1677, before 64 bits of nanoseconds", "\"1677-01-01T00:00:00.000001Z\""),
            ("year 1899", "\"1899-12-31T23:59:59.999999Z\""),
            ("the microsecond before 1970", "\"1969-12-31T23:59:59.999999Z\""),
            ("year 2263, after 64 bits of nanoseconds", "\"2263-01-01T00:00:00.000001Z\""),
            ("year 2300", "\"2300-01-01T00:00:00.000001Z\""),
            ("the last microsecond of year 9999", "\"9999-12-31T23:59:59.999999Z\""),
            ("a time after year 9999 in UTC", "\"9999-12-31T23:59:59-08:00\""),
            ("year 10000", "\"+010000-01-01T00:00:00Z\""),
            ("30 February", "\"2026-02-30T10:00:00Z\""),
            ("24 o'clock", "\"2026-03-02T24:00:00Z\""),
            ("a leap second", "\"2026-06-30T23:59:60Z\""),
            ("a date without a time", "\"2026-03-02\""),
            ("a time in seconds", "1773000000"),
            ("a time in seconds, as text", "\"1773000000\""),
            ("an empty time", "\"\""),
            ("an object for a time", """{"$date":1773000000}"""),
        ])
            yield return With(name, ("created_at", time));
    }

    private static IEnumerable<RecordKind> Ids() =>
    [
        With("an id that is a number", ("id", "123456789012345678901")),
        With("an id that is a number with an exponent", ("id", "1.5e3")),
        With("an id of 1,000 bytes", ("id", $"\"{new string('i', 1_000)}\"")),
        With("an id that ends as another begins", ("id", $"\"{new string('i', 999)}\"")),
        With("an id with an emoji", ("id", "\"a😊\"")),
        With("an id with U+E000", ("id", "\"a\uE000\"")),
        With("an id with NUL", ("id", @"""a\u0000b""")),
        With("an id as another up to its NUL", ("id", @"""a""")),
        With("an id with a quote", ("id", @"""a'b\""c""")),
        With("an id with spaces around", ("id", "\" a \"")),
        With("an id with a line break", ("id", @"""a\nb""")),
        With("an id in capitals", ("id", "\"A\"")),
        With("an id with zeros before", ("id", "\"0012\"")),
    ];

    /// <summary>The shapes of messages that the source sends: one of each type, with what is known of its variants.</summary>
    private static IEnumerable<RecordKind> Shapes()
    {
        foreach (string line in File.ReadLines(Repository.File("tests", "KapsoArchive.Tests", "Pages", "Conversations", "odd-messages.jsonl")).Where(line => line.Length > 0))
        {
            JsonElement message = JsonElement.Parse(line);
            string id = message.GetProperty("id").GetString()!;
            yield return Whole($"a message of type {message.GetProperty("message_type").GetString()}, sample {id[^3..]}", id, line);
        }
    }

    private static string[] Members =>
        ["id", "created_at", "updated_at", "direction", "status", "processing_status", "message_type", "phone_number", "whatsapp_message_id", "content", "media_url", "metadata", "message_type_data"];

    private static string Nested(int depth) => $"{string.Concat(Enumerable.Repeat("[", depth))}{string.Concat(Enumerable.Repeat("]", depth))}";
}
