using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Pages.Conversations;

/// <summary>Records whose text, answer, place, person, order, button, transcript or caption was once lost: one a line of <c>odd-messages.jsonl</c>.</summary>
internal static class OddMessages
{
    public static List<string> Lines { get; } =
        [.. File.ReadAllLines(Repository.File("tests", "KapsoArchive.Tests", "Pages", "Conversations", "odd-messages.jsonl")).Where(line => line.Length > 0)];

    /// <summary>What a person wrote or saw in them, by the last digits of their ids.</summary>
    public static TheoryData<string, string[]> Words => new()
    {
        { "001", ["Hi, I saw your ad", "AD HEADLINE 20 percent off", "AD BODY", "advertisement"] },
        { "002", ["welcome_v2", "PARAM ONE", "$100.99", "February 25, 1977"] },
        { "003", ["Yes please"] },
        { "004", ["HEADER", "Pick one", "FOOTER", "Alpha", "Beta"] },
        { "005", ["Alpha"] },
        { "007", ["Fill the form", "Open form"] },
        { "008", ["Sent", "FLOW ANSWER NAME", "Excellent", "Muy bueno", "full name", "rating"] },
        { "009", ["Sent", "Poor"] },
        { "010", ["Visit us", "OPEN SITE"] },
        { "011", ["Our products", "S1"] },
        { "013", ["19.4326, -99.1332"] },
        { "014", ["NESTED PLACE", "ADDR", "19.4326, -99.1332"] },
        { "016", ["Mara 🌸", "+1 555", "a@b.example", "ORGNAME", "CITYNAME", "999"] },
        { "018", ["please quick", "2 × SKU-1, 10.5 USD", "1 × SKU-2, 7 USD"] },
        { "020", ["contract final.pdf"] },
        { "021", ["Rechnung März – final ✅.pdf", "CAPTION HERE"] },
        { "023", ["just a caption without the description"] },
        { "026", ["TRANSCRIPT TEXT"] },
        { "029", ["View once"] },
        { "033", ["👨‍👩‍👧‍👦"] },
        { "035", ["Message type unknown", "Message type is currently not supported.", "TOPLEVEL ERR"] },
        { "037", ["new text of it", "EDITED TEXT"] },
        { "039", ["BODY IN DATA.BODY"] },
        { "041", ["TEXT IN DATA EMPTY CONTENT"] },
        { "042", ["This message was deleted"] },
        { "043", ["Lunch?", "Pizza", "Sushi"] },
        { "045", ["User A changed from 1 to 2"] },
        { "046", ["failed one", "Re-engagement message", "DETAILS: more than 24 hours"] },
        { "048", ["forwarded", "Forwarded many times"] },
        { "049", ["about a product", "REFPROD"] },
        { "050", ["reply quote"] },
        { "053", ["bsuid", "@pat.ex"] },
        { "900", ["a.ogg", "I want to change my address, please call me"] },
        { "910", ["b.jpeg", "this is the broken part"] },
    };

    /// <summary>Every string that somebody may have written or seen, with the names of the members that hold it, outermost first.</summary>
    public static IEnumerable<(string[] Names, string Text)> Strings(JsonElement value, params string[] names) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Strings(m.Value, [.. names, m.Name])),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(i => Strings(i, names)),
        JsonValueKind.String => [(names, value.GetString()!)],
        _ => [],
    };
}
