using System.Reflection;
using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.Documents;

/// <summary>Who reads of an attack finds the test that holds what is said of it.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly Type[] Classes = typeof(SecurityPageTests).Assembly.GetTypes();

    [Fact]
    public void Each_attack_names_existing_tests()
    {
        string[] rows =
        [
            .. MarkdownPage.Of("docs/security.md").Section("## Attacks, and the tests that hold them").Split('\n')
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| attack ", StringComparison.Ordinal)),
        ];

        rows.Length.ShouldBeGreaterThan(50);
        foreach (string row in rows)
        {
            string[] names = [.. Name().Matches(row.Split(" | ")[^1]).Select(match => match.Groups["name"].Value)];
            names.ShouldNotBeEmpty(row);
            names.Where(name => !Exists(name)).ShouldBeEmpty(row);
        }
    }

    private static bool Exists(string name) => name.Split('.') is [var type, .. var method]
        && Classes.Where(c => c.Name == type).Any(c => method is [] or [_] && method.All(m => HasTest(c, m)));

    private static bool HasTest(Type type, string method) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Any(m => m.Name == method && m.GetCustomAttributes<FactAttribute>().Any());

    [GeneratedRegex("`(?<name>[A-Z]\\w+(?:\\.\\w+)?)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
