using System.Globalization;
using System.Text;
using KapsoArchive.Core.Runs.Writing;
using KapsoArchive.Core.Text;
using KapsoArchive.Tests.Hostile;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Exports;

/// <summary>The folders of a zip: names that people read and that every system takes.</summary>
public sealed class ZipNamesTests
{
    private const string Id = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

    private static readonly string[] Hostile =
    [
        "..", "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x", "C:", "\\\\server\\share", "a/b", "a\\b", "a:b", "con", "CON", "con.txt", "nul ", "COM1", "com¹", "LPT9.x", "CONIN$", "aux.", "prn .txt",
        "a.", "a ", ". . .", ".hidden", "-rf", "~root", "a\u202egpj.exe", "a\u200bb", "\u3164", "\u2800", "\u00ad", "\ud800", "a\u0000b", "a\nb", "a\tb", "index.html", "messages.xlsx", "MESSAGES", "sha256sums", "manifest.json",
        "Conversations-00001.csv", "rejected.jsonl", "$(reboot)", "`reboot`", "%PATH%", "a|b", "a?b*", "<script>", "\"quoted\"", "\u00e9", "e\u0301", "\u00c9", "ß", "SS", "ſ", "İ", "ı", "😊", new string('x', 500), new string('語', 500),
        string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 50)), "=1+1", "", " ",
    ];

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "123456789¹²³".SelectMany(d => (string[])[$"COM{d}", $"LPT{d}"])];

    [Theory]
    [InlineData("Ana Pérez", "+51900000001", "Ana Pérez +51 900 000 001")]
    [InlineData("  Ana \u00a0 Pérez ", "+51 900-000.001", "Ana Pérez +51 900 000 001")]
    [InlineData(null, "+51900000001", "+51 900 000 001")]
    [InlineData("\u3164", "+51900000001", "+51 900 000 001")]
    [InlineData("Ana", null, "Ana")]
    [InlineData("Ana", "12", "Ana 12")]
    [InlineData(null, null, Id)]
    [InlineData("+51 900 000 001", "+51900000001", "+51 900 000 001")]
    [InlineData("../../etc/passwd", null, "_.._etc_passwd")]
    [InlineData("C:\\Users", null, "C__Users")]
    [InlineData("con", null, "_con")]
    [InlineData("Con Carne", null, "Con Carne")]
    [InlineData("lpt1.txt", null, "_lpt1.txt")]
    [InlineData("invoice\u202egpj.exe", null, "invoicegpj.exe")]
    [InlineData("SHA256SUMS", null, "_SHA256SUMS")]
    [InlineData("index.html", null, "_index.html")]
    [InlineData("Messages Ltd.", null, "Messages Ltd")]
    public void A_folder_has_the_name_and_the_number(string? name, string? number, string expected) => new ZipNames().Next(name, number, Id).ShouldBe(expected);

    [Theory]
    [InlineData("receipt.jpeg", ".jpg", "2026-03-01 1203 receipt.jpg")]
    [InlineData("invoice.pdf.exe", ".bin", "2026-03-01 1203 invoice.pdf.bin")]
    [InlineData("../../etc/passwd", ".bin", "2026-03-01 1203 passwd.bin")]
    [InlineData("a\\b\u202egpj.exe", ".png", "2026-03-01 1203 a_bgpj.png")]
    [InlineData(null, ".ogg", "2026-03-01 1203.ogg")]
    [InlineData(". . .", ".ogg", "2026-03-01 1203.ogg")]
    public void A_file_has_the_time_its_name_and_the_extension_of_its_content(string? name, string extension, string expected)
    {
        var names = new ZipNames();

        names.NextFile(new DateTimeOffset(2026, 3, 1, 12, 3, 59, TimeSpan.FromHours(-5)), name, extension).ShouldBe(expected);
        names.NextFile(new DateTimeOffset(2026, 3, 1, 12, 3, 0, TimeSpan.Zero), name, extension).ShouldBe($"{expected[..^extension.Length]} (2){extension}");
        new ZipNames().NextFile(null, "con", extension).ShouldBe($"_con{extension}");
    }

    [Fact]
    public void Equal_names_are_numbered_also_where_only_case_or_accents_differ()
    {
        var names = new ZipNames();

        string[] given = ["Ana", "ana", "Aná", "A\u006ea", "Ana (2)", "An\u0061\u0301"];
        given.Select(name => names.Next(name, null, Id)).ShouldBe(["Ana", "ana (2)", "Aná (3)", "Ana (4)", "Ana (2) (2)", "An\u0061\u0301 (5)"]);
    }

    [Theory]
    [MemberData(nameof(Samples.Seeds), MemberType = typeof(Samples))]
    public void No_name_is_refused_or_acts_on_any_system(int seed)
    {
        var random = new Random(seed);
        var names = new ZipNames();
        string[] parts = [.. Hostile, .. Payloads.All, .. Acting.Characters.Select(c => c.ToString())];
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < Samples.Count(3_000, 100_000); i++)
        {
            string text = i < parts.Length ? parts[i] : string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => parts[random.Next(parts.Length)]));
            string name = names.Next(random.Next(3) == 0 ? null : text, random.Next(3) == 0 ? text : null, random.Next(5) == 0 ? text : Id);

            taken.Add(name).ShouldBeTrue(name);
            name.Length.ShouldBeInRange(1, 110);
            Encoding.UTF8.GetByteCount(name).ShouldBeLessThan(220);
            name.ShouldNotContain([.. "<>:\"/\\|?*", .. Enumerable.Range(0, 32).Select(c => (char)c)]);
            name.ShouldBe(name.Trim().TrimEnd('.').TrimStart('.', '-', '~'));
            Devices.ShouldNotContain(name.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);
            name.EnumerateRunes().ShouldAllBe(r => !VisibleText.IsBlank(r.ToString()) || r.Value == ' ');
            name.EnumerateRunes().ShouldAllBe(r => Rune.GetUnicodeCategory(r) != UnicodeCategory.Format && Rune.GetUnicodeCategory(r) != UnicodeCategory.Control);
        }
    }
}
