using System.Diagnostics;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Readers;

/// <summary>An engine of <c>tests/node/readers/read.mjs</c>.</summary>
internal sealed class NodeMatrixReader(string name, params string[] functions) : MatrixReader(name)
{
    public override IReadOnlyList<string> Shown { get; } =
        [.. Sighting.Columns, Sighting.FoundById, .. Sighting.JsonColumns.Select(Sighting.MembersOf), Sighting.Number, Sighting.After, .. functions];

    public override async Task<IReadOnlyList<Sighting>> ReadAsync(MatrixLake lake, CancellationToken cancellationToken)
    {
        using Process process = await NodePackages.StartScriptAsync("readers/read.mjs", [Name, lake.Parquet], cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, RecordKinds.All.Select(kind => kind.Id), cancellationToken: cancellationToken);
        process.StandardInput.Close();
        List<Sighting> sightings = [];
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            sightings.Add(Sighting.Of(JsonElement.Parse(line).EnumerateObject().Select(member => (member.Name, member.Value.GetString()))));
        await process.WaitForExitAsync(cancellationToken);
        process.ExitCode.ShouldBe(0, await errors);
        return sightings;
    }
}
