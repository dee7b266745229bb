using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.House;

/// <summary>The list of <c>tests/mutations</c> fits the code and the tests, so that <c>run.mjs</c> can break each of its places.</summary>
public sealed class MutationListTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly Mutation[] All =
        JsonSerializer.Deserialize<Mutation[]>(File.ReadAllText(Repository.File("tests", "mutations", "mutations.json")), Options)!;

    [Fact]
    public void There_are_40_mutations_25_of_them_in_Core_and_no_two_alike()
    {
        All.Length.ShouldBe(40);
        All.Count(m => m.File.StartsWith("src/KapsoArchive.Core/", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(25);
        All.Select(m => m.Name).ShouldBeUnique();
        All.Select(m => m.Promise).ShouldBeUnique();
    }

    [Fact]
    public void Each_place_to_break_occurs_once()
    {
        foreach (Mutation mutation in All)
        {
            string code = File.ReadAllText(Repository.File(mutation.File.Split('/'))).ReplaceLineEndings("\n");
            (code.Split(mutation.Find).Length - 1).ShouldBe(1, mutation.Name);
            mutation.Replace.ShouldNotBe(mutation.Find, mutation.Name);
        }
    }

    [Fact]
    public void Each_named_class_has_tests()
    {
        Assembly tests = typeof(MutationListTests).Assembly;
        foreach (Mutation mutation in All)
        {
            mutation.Tests.Length.ShouldBeInRange(1, 3, mutation.Name);
            foreach (string name in mutation.Tests)
            {
                Type type = tests.GetType(name).ShouldNotBeNull($"{mutation.Name}: {name}");
                type.IsAbstract.ShouldBeFalse(name);
                type.GetMethods().ShouldContain(m => m.IsDefined(typeof(FactAttribute), inherit: true), name);
            }
        }
    }

    private sealed record Mutation(string Name, string Promise, string File, string Find, string Replace, string[] Tests);
}
