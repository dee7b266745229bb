using System.Reflection;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>One command of <c>kapso-archive</c>, in this process, so that its processor time and its memory are known to the end.</summary>
internal static class ProgramChild
{
    public static async Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        foreach ((string name, string? value) in settings.OfProgram())
            Environment.SetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal), value);
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        MethodInfo main = Assembly.Load("kapso-archive").EntryPoint!;
        object? ended = main.Invoke(null, [settings["command"].Split('|')]);
        int code = ended is Task<int> task ? await task : (int)ended!;
        Console.SetOut(output);
        return code == 0 ? [] : throw new InvalidOperationException($"'{settings["command"]}' ended with code {code}.");
    }
}
