using System.Net;
using System.Text.Json;
using KapsoArchive.Sandbox;

namespace KapsoArchive.Tests.Api;

/// <summary>An export over HTTP of both sources, of all versions, of a contact, a direction and a type.</summary>
public sealed class ExportChoiceTests : ApiTest
{
    [Fact]
    public async Task An_export_has_what_its_body_chooses()
    {
        SandboxConversation first = Sandbox.Data.Conversations[0];
        await NightAsync();
        MovingListing listing = Sandbox.Listings.Moving(first.Id);
        string edited = listing.At(0).Id;
        listing.Update(edited, "failed");
        listing.Delete(listing.At(3).Id);
        listing.InsertNewest();

        JsonElement both = await ManifestAsync("""{"conversations": "all", "source": "both", "formats": ["parquet"]}""");
        JsonElement all = await ManifestAsync("""{"conversations": "all", "source": "both", "versions": "all", "formats": ["parquet"]}""");
        JsonElement one = await ManifestAsync($$"""{"contact": "{{first.PhoneNumber}}", "source": "archive", "directions": ["inbound", "outbound"], "formats": ["csv"]}""");
        JsonElement none = await ManifestAsync("""{"conversations": "all", "types": ["a type of the future"], "formats": ["csv"]}""");

        Rows(both).ShouldBe((61, 0));
        Rows(all).ShouldBe((61, 1));
        Rows(one).ShouldBe((first.MessageCount, 0));
        Rows(none).ShouldBe((0, 0));
        both.GetProperty("provenance")[0].GetProperty("source").GetString().ShouldBe("both");
        one.GetProperty("provenance")[0].GetProperty("conversations")[0].GetString().ShouldBe(first.Id);
        (all.GetProperty("request").GetProperty("versions").GetString(), one.GetProperty("request").GetProperty("contact").GetString()).ShouldBe(("all", first.PhoneNumber));
        none.GetProperty("provenance")[0].GetProperty("source").GetString().ShouldBe("kapso");
        Door.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_choice_belongs_to_the_operation()
    {
        using HttpResponseMessage first = await PostExportAsync("""{"conversations": "all", "types": ["text", "image"]}""", "op");
        using HttpResponseMessage again = await PostExportAsync("""{"conversations": "all", "types": ["image", "text"], "source": "kapso", "versions": "present"}""", "op");
        using HttpResponseMessage other = await PostExportAsync("""{"conversations": "all"}""", "op");
        using HttpResponseMessage all = await PostExportAsync("""{"conversations": "all", "media": "all"}""", "files");
        using HttpResponseMessage without = await PostExportAsync("""{"conversations": "all", "media": "none"}""", "files");

        again.Headers.Location.ShouldBe(first.Headers.Location);
        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (all.StatusCode, without.StatusCode).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("""{"conversations": "all", "source": "archiv"}""", "source", "Did you mean archive?")]
    [InlineData("""{"conversations": "all", "directions": ["outbond"]}""", "directions[0]", "Did you mean outbound?")]
    [InlineData("""{"conversations": "all", "types": ["imege"]}""", "types[0]", "Did you mean image?")]
    [InlineData("""{"conversations": "all", "media": "non"}""", "media", "Did you mean none?")]
    [InlineData("""{"conversations": "all", "version": "all"}""", "version", "Did you mean versions?")]
    [InlineData("""{"contact": "nobody", "source": "both"}""", "contact", "has no contact nobody")]
    public async Task A_wrong_field_is_answered_with_what_was_meant(string json, string field, string said)
    {
        using HttpResponseMessage answer = await PostExportAsync(json);

        JsonElement problem = await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid", field);
        problem.GetProperty("errors").GetProperty(field)[0].GetString().ShouldNotBeNull().ShouldContain(said);
    }

    private static (long Added, long Changed) Rows(JsonElement manifest)
    {
        JsonElement rows = manifest.GetProperty("totals").GetProperty("rows");
        return (rows.GetProperty("added").GetInt64(), rows.GetProperty("changed").GetInt64());
    }

    private async Task NightAsync()
    {
        using HttpResponseMessage night = await Client.PostAsync("/api/runs", null, Cancellation);
        night.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Door.WorkAsync();
    }

    private async Task<JsonElement> ManifestAsync(string json)
    {
        string id = await ExportAsync(json);
        (await GetAsync($"/api/exports/{id}")).GetProperty("status").GetString().ShouldBe("Succeeded");
        return await GetAsync($"/api/exports/{id}/files/manifest.json");
    }
}
