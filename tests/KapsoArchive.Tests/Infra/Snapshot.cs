using System.Text.Json.Nodes;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Infra;

/// <summary>What a deployment would create. <c>infra/gate</c> sees to it that the committed snapshots are those of the templates.</summary>
public sealed class Snapshot
{
    private readonly JsonObject _json;

    private Snapshot(string text)
    {
        Text = text;
        _json = JsonNode.Parse(text)!.AsObject();
        Resources = [.. _json["predictedResources"]!.AsArray().Select(node => new PredictedResource(node!.AsObject()))];
    }

    public string Text { get; }

    public IReadOnlyList<PredictedResource> Resources { get; }

    public IEnumerable<KeyValuePair<string, JsonNode?>> Outputs => _json["outputs"]!.AsObject();

    public PredictedResource HostAccount => Accounts.Single(account => account.Text("properties.isHnsEnabled") != "true");

    public PredictedResource ArchiveAccount => Accounts.Single(account => account.Text("properties.isHnsEnabled") == "true");

    /// <summary>The data container's name, which those of the other two begin with.</summary>
    public string Container => Named("Microsoft.Storage/storageAccounts/blobServices/containers")
        .Where(container => container.Id.StartsWith(ArchiveAccount.Id, StringComparison.Ordinal)).Select(container => container.Name.Split('/')[^1]).MinBy(name => name.Length)!;

    public string DataContainerId => $"{ArchiveAccount.Id}/blobServices/default/containers/{Container}";

    public JsonObject AppSettings => Sole("Microsoft.Web/sites/config").Json["properties"]!.AsObject();

    private IEnumerable<PredictedResource> Accounts => Named("Microsoft.Storage/storageAccounts");

    /// <summary>The snapshot of <c>dev</c> or <c>prod</c>, or the one at a path.</summary>
    public static Snapshot Of(string environment) =>
        new(File.ReadAllText(Path.IsPathRooted(environment) ? environment : Repository.File("infra", $"{environment}.snapshot.json")));

    /// <summary>Every resource of a type. None at all is a broken rule, not a kept one.</summary>
    public IReadOnlyList<PredictedResource> All(string type)
    {
        List<PredictedResource> found = [.. Named(type)];
        found.ShouldNotBeEmpty($"there is no {type}");
        return found;
    }

    public PredictedResource Sole(string type) => All(type).ShouldHaveSingleItem();

    public IEnumerable<PredictedResource> Named(string type) => Resources.Where(resource => resource.Type == type);
}
