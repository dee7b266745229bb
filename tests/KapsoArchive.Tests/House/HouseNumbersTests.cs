using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.House;

/// <summary>The sizes of the house, which grow by themselves unless something holds them.</summary>
public sealed partial class HouseNumbersTests
{
    private static HouseTree Tree => HouseTree.Current;

    [Fact]
    public void No_folder_holds_more_than_36_loose_files()
    {
        var folders = Tree.Sources().GroupBy(f => Path.GetDirectoryName(f)!)
            .Select(g => (Folder: Tree.NameOf(g.Key), Files: g.Count())).OrderByDescending(g => g.Files).ToArray();
        Tell($"most loose files: {folders[0].Files} in {folders[0].Folder}");

        folders.Where(f => f.Files > 36).ShouldBeEmpty();
    }

    /// <summary>38,000 lines before people and agents could read the archive (find, export, browser, API and MCP: 6,900 lines), and before
    /// it had the files behind messages (pipeline, client, uses, and files of the sandbox) and
    /// Delta tables (writer, checkpoints and their check: 800 lines), nights and verification in parts (350), and backups (copy, takeover,
    /// place: 750).</summary>
    [Fact]
    public void The_program_stays_small()
    {
        int lines = Tree.Sources().Sum(f => File.ReadLines(f).Count());
        Tell($"lines of src: {lines}");

        lines.ShouldBeLessThan(52_000);
    }

    [Fact]
    public void Few_type_names_begin_with_Run()
    {
        string[] types = [.. Tree.Graph.Types.Where(t => RunType().IsMatch(t)).Order(StringComparer.Ordinal)];
        Tell($"types that begin with Run: {types.Length} of {Tree.Graph.Types.Count(t => !t.Contains('<'))}");

        types.Length.ShouldBeLessThanOrEqualTo(38, string.Join('\n', types));
    }

    [Fact]
    public void No_type_name_occurs_twice() =>
        Tree.Graph.Types.Where(t => !t.Contains('<') && !Named(t, "Program")).GroupBy(t => t[(t.LastIndexOf('.') + 1)..])
            .Where(g => g.Count() > 1).SelectMany(g => g).ShouldBeEmpty();

    [Fact]
    public void The_longest_call_chain_from_the_command_to_the_state_of_a_sweep_is_bounded()
    {
        string[] chain = Tree.Graph.LongestChain(t => Named(t, "RunCommand"), t => Named(t, "SweepState"));
        Tell($"longest chain of calls: {chain.Length}\n  {string.Join("\n  ", chain)}");

        chain.Length.ShouldBeInRange(5, 22);
    }

    [Fact]
    public void Public_members_are_documented()
    {
        (int all, int documented) = (0, 0);
        foreach (string[] lines in Tree.Sources().Select(File.ReadAllLines))
        {
            for (int i = 0; i < lines.Length; i++)
            {
                if (!PublicMember().IsMatch(lines[i]) || lines[i].Contains(" override "))
                    continue;
                all++;
                string above = lines[..i].LastOrDefault(l => !l.TrimStart().StartsWith('[')) ?? "";
                documented += above.TrimStart().StartsWith("///", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Tell($"public members with a doc comment: {documented} of {all}");
        ((double)documented / all).ShouldBeGreaterThanOrEqualTo(0.58);
    }

    private static void Tell(string number) => TestContext.Current.TestOutputHelper!.WriteLine(number);

    private static bool Named(string type, string name) => type[(type.LastIndexOf('.') + 1)..] == name;

    [GeneratedRegex(@"\.Run(?![a-z])\w*(`\d)?$")]
    private static partial Regex RunType();

    [GeneratedRegex(@"^\s*public\s")]
    private static partial Regex PublicMember();
}
