using System.Text.Json;
using KapsoArchive.Cli;
using KapsoArchive.Tests.Documents;

namespace KapsoArchive.Tests.Mcp;

/// <summary>Whoever copies a configuration from the page gets a working client.</summary>
public sealed class AgentDocumentTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/agents.md");

    [Fact]
    public void Each_configuration_starts_a_command_that_exists()
    {
        JsonElement[] configurations = [.. Page.Blocks("json").Select(block => JsonElement.Parse(block))];
        JsonElement[] servers =
        [
            .. configurations.SelectMany(c => c.TryGetProperty("servers", out JsonElement found) ? found.EnumerateObject() : c.GetProperty("mcpServers").EnumerateObject()).Select(s => s.Value),
        ];

        configurations.Length.ShouldBe(2, "two common clients");
        foreach (JsonElement server in servers.Where(s => s.TryGetProperty("command", out _)))
        {
            server.GetProperty("command").GetString().ShouldBe("kapso-archive");
            Commands.Root().Parse([.. server.GetProperty("args").EnumerateArray().Select(a => a.GetString()!)]).Errors.ShouldBeEmpty();
        }

        servers.Where(s => s.TryGetProperty("url", out _)).ShouldHaveSingleItem().GetProperty("url").GetString()!.ShouldEndWith("/mcp");
    }

    [Fact]
    public void The_page_names_every_tool()
    {
        foreach (string tool in AgentJourneyTests.ToolNames)
            Page.Text.ShouldContain($"| `{tool}` |");
    }
}
