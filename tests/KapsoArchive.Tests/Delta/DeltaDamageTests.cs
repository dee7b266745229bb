using System.Text.Json;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Inspection.Verification;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Inspection.Verification;

namespace KapsoArchive.Tests.Delta;

/// <summary>Whatever is done to a log is found by <c>verify</c>.</summary>
public sealed class DeltaDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FolderStore Store => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("messages")]
    [InlineData("conversations")]
    public async Task Every_edit_of_every_value_is_found(string table)
    {
        await MovedArchive.OfThreeRunsAsync(Store);
        LogFiles log = new(_folder.Path, table);
        int edits = 0;
        foreach (string file in log.Commits.Select(c => Path.Combine(log.Folder, c)))
        {
            string[] lines = await File.ReadAllLinesAsync(file, Cancellation);
            for (int line = 0; line < lines.Length; line++)
            {
                foreach ((string what, string edited) in Edits(lines[line]))
                {
                    edits++;
                    await ShouldBeFoundAsync(file, [.. lines[..line], edited, .. lines[(line + 1)..]], $"line {line}: {what}");
                }

                await ShouldBeFoundAsync(file, [.. lines[..line], .. lines[(line + 1)..]], $"without line {line}");
                await ShouldBeFoundAsync(file, [.. lines, lines[line]], $"line {line} twice");
            }

            await ShouldBeFoundAsync(file, [.. lines, """{"remove":{"path":"x","dataChange":true}}"""], "a removal");
            await ShouldBeFoundAsync(file, [], "emptied");
        }

        edits.ShouldBeGreaterThan(60);
        (await FindingsAsync()).ShouldBeEmpty();

        async Task ShouldBeFoundAsync(string file, string[] lines, string what)
        {
            byte[] sound = await File.ReadAllBytesAsync(file, Cancellation);
            await File.WriteAllLinesAsync(file, lines, Cancellation);
            (await FindingsAsync()).Select(f => f.Path).ShouldContain($"{table}/_delta_log/{Path.GetFileName(file)}", what);
            await File.WriteAllBytesAsync(file, sound, Cancellation);
        }
    }

    [Fact]
    public async Task Removed_reordered_and_foreign_files_are_found()
    {
        await MovedArchive.OfThreeRunsAsync(Store);
        LogFiles log = new(_folder.Path, "messages");

        await ShouldBeFoundAsync("the first is gone", () => File.Delete(log.CommitOf(0)));
        await ShouldBeFoundAsync("one is gone", () => File.Delete(log.CommitOf(1)));
        await ShouldBeFoundAsync("the last is gone", () => File.Delete(log.CommitOf(2)));
        await ShouldBeFoundAsync("all are gone", () => Directory.Delete(log.Folder, recursive: true));
        await ShouldBeFoundAsync("two have changed places", () =>
        {
            File.Move(log.CommitOf(1), log.CommitOf(9));
            File.Move(log.CommitOf(2), log.CommitOf(1));
            File.Move(log.CommitOf(9), log.CommitOf(2));
        });
        await ShouldBeFoundAsync("one is gone and the next has its number", () => File.Move(log.CommitOf(2), log.CommitOf(1), overwrite: true));
        await ShouldBeFoundAsync("one is there twice", () => File.Copy(log.CommitOf(2), log.CommitOf(3)));
        await ShouldBeFoundAsync("that of another table", () => File.Copy(new LogFiles(_folder.Path, "conversations").CommitOf(1), log.CommitOf(1), overwrite: true));
        await ShouldBeFoundAsync("another writer's", () => File.WriteAllText(log.CommitOf(3), """{"commitInfo":{"timestamp":1,"operation":"OPTIMIZE"}}"""));
        await ShouldBeFoundAsync("a pointer of another writer", () => File.WriteAllText(Path.Combine(log.Folder, "_last_checkpoint"), "{}"));
        await ShouldBeFoundAsync("a file of no log", () => File.WriteAllText(Path.Combine(log.Folder, "1.json"), "{}"));
        await ShouldBeFoundAsync("a folder in its place", () =>
        {
            File.Delete(log.CommitOf(1));
            Directory.CreateDirectory(log.CommitOf(1));
        });
        (await FindingsAsync()).ShouldBeEmpty();

        async Task ShouldBeFoundAsync(string what, Action damage)
        {
            Dictionary<string, byte[]> sound = log.Names.ToDictionary(n => n, n => File.ReadAllBytes(Path.Combine(log.Folder, n)));
            damage();
            (await FindingsAsync()).ShouldNotBeEmpty(what);
            if (Directory.Exists(log.Folder))
                Directory.Delete(log.Folder, recursive: true);
            Directory.CreateDirectory(log.Folder);
            foreach ((string name, byte[] bytes) in sound)
                await File.WriteAllBytesAsync(Path.Combine(log.Folder, name), bytes, Cancellation);
        }
    }

    [Fact]
    public async Task A_checkpoint_that_says_anything_else_is_found()
    {
        await ManyRuns.MakeAsync(_folder.Path, 202);
        LogFiles log = new(_folder.Path, "messages");
        (await LogFindingsAsync()).ShouldBeEmpty();
        byte[] sound = await File.ReadAllBytesAsync(log.CheckpointOf(100), Cancellation);

        File.Delete(log.CheckpointOf(100));
        (await LogFindingsAsync()).ShouldBe(["00000000000000000100.checkpoint.parquet is missing"]);
        await File.WriteAllBytesAsync(log.CheckpointOf(100), sound[..^20], Cancellation);
        (await LogFindingsAsync()).ShouldHaveSingleItem().ShouldStartWith("00000000000000000100.checkpoint.parquet cannot be read");
        File.Copy(log.CheckpointOf(200), log.CheckpointOf(100), overwrite: true);
        (await LogFindingsAsync()).ShouldBe(["00000000000000000100.checkpoint.parquet does not say what the commits up to it say"]);
        await File.WriteAllBytesAsync(log.CheckpointOf(100), sound, Cancellation);
        File.Copy(log.CheckpointOf(100), log.CheckpointOf(150));
        (await LogFindingsAsync()).ShouldHaveSingleItem().ShouldStartWith("00000000000000000150.checkpoint.parquet is not a file of an archive");
    }

    private async Task<IReadOnlyList<Finding>> FindingsAsync() => (await VerificationContract.VerifyAsync(Store)).Findings;

    /// <summary>Those about the log of the messages, by the file's name: the manifests of many runs are copies, and not sound.</summary>
    private async Task<IReadOnlyList<string>> LogFindingsAsync() =>
        [.. (await FindingsAsync()).Where(f => f.Path.StartsWith("messages/_delta_log/", StringComparison.Ordinal)).Select(f => $"{Path.GetFileName(f.Path)} {f.Problem}")];

    /// <summary>The line with each of its values changed, each member taken out, and each object with a member too many. JSON in a text is
    /// edited too.</summary>
    private static IEnumerable<(string What, string Edited)> Edits(string line)
    {
        foreach (Func<JsonNode, JsonNode?, string?> edit in (Func<JsonNode, JsonNode?, string?>[])[Change, Remove, Add])
        {
            for (int place = 0; ; place++)
            {
                JsonNode root = JsonNode.Parse(line)!;
                JsonNode? node = Nodes(root).ElementAtOrDefault(place);
                if (node is null)
                    break;
                if (edit(node, root) is { } what)
                    yield return ($"{what} {node.GetPath()}", root.ToJsonString());
            }
        }

        JsonNode whole = JsonNode.Parse(line)!;
        foreach ((string action, string text) in (IEnumerable<(string, string)>)[("add", "stats"), ("metaData", "schemaString")])
        {
            if (whole[action]?[text] is not { } json)
                continue;
            foreach ((string what, string edited) in Edits((string)json!))
            {
                whole[action]![text] = edited;
                yield return ($"{what} in {text}", whole.ToJsonString());
            }
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode root) => root switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Nodes(m.Value!)).Prepend(root),
        JsonArray items => items.SelectMany(i => Nodes(i!)).Prepend(root),
        _ => [root],
    };

    private static string? Change(JsonNode node, JsonNode? root)
    {
        if (node is not JsonValue value)
            return null;
        value.ReplaceWith(value.GetValueKind() switch
        {
            JsonValueKind.Number => JsonValue.Create((long)value + 1),
            JsonValueKind.String => JsonValue.Create((string)value! + "x"),
            JsonValueKind.True => JsonValue.Create(false),
            _ => JsonValue.Create(true),
        });
        return "changed";
    }

    private static string? Remove(JsonNode node, JsonNode? root)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                parent.Remove(node.GetPropertyName());
                return "removed from its object";
            case JsonArray parent:
                parent.Remove(node);
                return "removed from its array";
            default:
                return null;
        }
    }

    private static string? Add(JsonNode node, JsonNode? root)
    {
        if (node is not JsonObject members)
            return null;
        members["deletionVector"] = "x";
        return "a member added to";
    }
}
