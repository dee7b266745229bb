using System.Net;
using System.Text.Json;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Api;

/// <summary>The API's description: made from the endpoints, checked in, and served as it is.</summary>
public class OpenApiTests : ApiTest
{
    private const string UpdateVariable = "KAPSO_ARCHIVE_UPDATE";

    private static readonly string File = Repository.File("src", "KapsoArchive.Api", "openapi.json");

    [Fact]
    public async Task The_description_matches_the_endpoints()
    {
        string made = await ApiDescription.MakeAsync(Cancellation);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            await System.IO.File.WriteAllTextAsync(File, made, Cancellation);

        (await System.IO.File.ReadAllTextAsync(File, Cancellation)).ShouldBe(made, $"the endpoints changed: run this test with {UpdateVariable}=1, build again, and look at what changed in {Path.GetFileName(File)}");
    }

    [Fact]
    public async Task The_checked_in_description_is_served()
    {
        using HttpResponseMessage answer = await Client.GetAsync("/api/openapi.json", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(await System.IO.File.ReadAllBytesAsync(File, Cancellation));
    }

    [Fact]
    public async Task Every_operation_describes_itself_its_answers_and_its_access()
    {
        JsonElement description = await GetAsync("/api/openapi.json");

        description.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.1");
        description.GetProperty("servers").EnumerateArray().Select(s => s.GetProperty("url").GetString()).ShouldBe(["/"], "it is the same wherever it is served");
        description.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Value.GetProperty("name").GetString()).ShouldBe(["x-functions-key", "code", "X-API-Key"], ignoreOrder: true);
        (string Path, string Method, JsonElement Operation)[] operations =
            [.. description.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (p.Name, o.Name, o.Value)))];
        operations.Select(o => $"{o.Method} {o.Path}").ShouldBe(
            [
                "post /api/exports", "get /api/exports", "get /api/exports/{id}", "delete /api/exports/{id}", "get /api/exports/{id}/files/{path}", "post /api/runs", "get /api/runs", "get /api/runs/{id}",
                "get /api/runs/{id}/report", "get /api/conversations", "post /api/conversations/search", "get /api/conversations/{id}/messages",
                "get /api/snapshots/latest", "get /api/health/live", "get /api/health/ready", "get /api/openapi.json",
            ],
            ignoreOrder: true);
        foreach ((string path, string method, JsonElement operation) in operations)
        {
            foreach (string name in (string[])["operationId", "summary", "description"])
                operation.GetProperty(name).GetString().ShouldNotBeNullOrWhiteSpace($"{method} {path}");
            foreach (JsonProperty response in operation.GetProperty("responses").EnumerateObject())
            {
                string place = $"{method} {path} {response.Name}";
                response.Value.GetProperty("description").GetString().ShouldNotBeNull().ShouldEndWith(".", customMessage: place);
                if (response.Name[0] is '4' or '5' && response.Name is not ("401" or "416") && !path.Contains("health"))
                    response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString().ShouldBe("#/components/schemas/ProblemDocument", place);
            }

            bool isOpen = operation.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0;
            isOpen.ShouldBe(path.Contains("/health/"), path);
            if (operation.TryGetProperty("parameters", out JsonElement parameters))
                parameters.EnumerateArray().ShouldAllBe(p => p.GetProperty("description").GetString()!.Length > 5);
        }
    }
}
