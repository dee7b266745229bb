using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>Foreign text has one way to the terminal and one to the logs: read from what the compiler made, so that no alias and no static import goes past it.</summary>
public sealed class TerminalRuleTests
{
    /// <summary>Types by which something could be printed, or a log be opened that does not pass the one way.</summary>
    private static readonly string[] Guarded = ["System.Console", "Spectre.Console.AnsiConsole", "Spectre.Console.AnsiConsoleOutput", "Spectre.Console.AnsiConsoleFactory"];

    [Fact]
    public void Only_the_terminal_uses_the_console()
    {
        string[] users = [.. MethodsNaming(typeof(KapsoArchive.Cli.Serve.ServeOptions).Assembly, Guarded).Order(StringComparer.Ordinal)];

        users.ShouldNotBeEmpty("a rule that looks at nothing holds nothing");
        users.ShouldAllBe(user => user == "KapsoArchive.Cli.Terminal");
    }

    [Theory]
    [InlineData("KapsoArchive.Core")]
    [InlineData("KapsoArchive.Api")]
    [InlineData("KapsoArchive.Telemetry")]
    [InlineData("KapsoArchive.Mcp")]
    public void Projects_below_the_program_do_not_use_the_console(string assembly) => MethodsNaming(Assembly.Load(assembly), Guarded).ShouldBeEmpty();

    [Fact]
    public void Every_host_makes_its_log_text_visible()
    {
        foreach (string host in (string[])["KapsoArchive.Cli/CliServices.cs", "KapsoArchive.Cli/Serve/ServeApp.cs", "KapsoArchive.Functions/FunctionApp.cs"])
            File.ReadAllText(Repository.File(["src", .. host.Split('/')])).ShouldContain(".AddVisibleLogs()", customMessage: host);
    }

    /// <summary>The outermost types with a method whose code refers to a member of one of these types.</summary>
    private static HashSet<string> MethodsNaming(Assembly assembly, string[] types)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        HashSet<int> guarded = [.. metadata.MemberReferences.Where(m => types.Contains(TypeOf(metadata, metadata.GetMemberReference(m).Parent))).Select(m => MetadataTokens(m))];
        HashSet<string> users = [];
        foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
        {
            byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
            if (Enumerable.Range(0, Math.Max(0, code.Length - 3)).Any(at => guarded.Contains(BitConverter.ToInt32(code, at))))
                users.Add(AssemblyGraph.Outermost(metadata, method.GetDeclaringType()));
        }

        return users;
    }

    private static int MetadataTokens(MemberReferenceHandle handle) => System.Reflection.Metadata.Ecma335.MetadataTokens.GetToken(handle);

    private static string TypeOf(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeReference)
            return "";
        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
