using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using KapsoArchive.Api;
using KapsoArchive.Api.Description;
using KapsoArchive.Api.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace KapsoArchive.Tests.Api;

/// <summary>Makes the API's OpenAPI description from its endpoints. It is made here and not when the program runs, so that the function app, which has no endpoints, can serve it too.</summary>
internal static class ApiDescription
{
    private const string Name = "v1";

    private const string About =
        "Archives the WhatsApp conversations of a Kapso project. An export or run is accepted with 202 and carried out in the background: "
        + "poll the URL in Location, no sooner than Retry-After says. Every error is a problem document (RFC 9457, "
        + "application/problem+json) that says what to do; if fields are wrong, errors names each. "
        + "Names in JSON are in camelCase. Manifests are files of the lake, and their names stay in snake_case.";

    private static readonly (string Name, string Text)[] Tags =
    [
        ("Exports", "Copies of conversations, made on demand."),
        ("Conversations", "What the archive holds, without a request to Kapso."),
        ("Runs", "The nightly run and its reports."),
        ("Snapshots", "The state of the archive after a run."),
        ("Service", "Health, and this description."),
    ];

    public static async Task<string> MakeAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddArchiveApi();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolver = JsonTypeInfoResolver.Combine(ApiJson.Default, new DefaultJsonTypeInfoResolver());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) => Describe(document));
            options.AddOperationTransformer(DescribeAsync);
            options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
        });
        await using WebApplication app = builder.Build();
        app.MapArchiveApi();
        await app.StartAsync(cancellationToken); // The endpoints are known from then on.
        Document document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
        return (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken)).ReplaceLineEndings("\n") + "\n";
    }

    private static Task Describe(Document document)
    {
        document.Info = new OpenApiInfo { Title = "KapsoArchive", Version = "1", Description = About };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that serves this description. Paths begin with /api." }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(t => new OpenApiTag { Name = t.Name, Description = t.Text }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["functionKey"] = Key("x-functions-key", ParameterLocation.Header, "The key of the function app, or of the function."),
            ["functionKeyInQuery"] = Key("code", ParameterLocation.Query, "The same key in the URL, for clients that cannot set " +
                "headers. URLs end up in logs: prefer the header."),
            ["serverKey"] = Key("X-API-Key", ParameterLocation.Header, "The key of the standalone server."),
        };
        document.Security = [.. document.Components.SecuritySchemes.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [] })];
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Key(string name, ParameterLocation place, string text) => new() { Type = SecuritySchemeType.ApiKey, Name = name, In = place, Description = text };

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (ParameterNote note in metadata.OfType<ParameterNote>())
            (operation.Parameters ??= []).Add(Parameter(note));
        foreach (AnswerNote note in metadata.OfType<AnswerNote>())
        {
            var response = (OpenApiResponse)operation.Responses![note.Status.ToString(CultureInfo.InvariantCulture)];
            response.Description = note.Text;
            foreach (string header in note.Headers)
                (response.Headers ??= new Dictionary<string, IOpenApiHeader>()).Add(header, Header(header));
        }

        if (metadata.OfType<AnonymousEndpoint>().Any())
            operation.Security = [];
        foreach (BodyNote note in metadata.OfType<BodyNote>())
        {
            context.Document!.AddComponent(note.Type.Name, await context.GetOrCreateSchemaAsync(note.Type, parameterDescription: null, cancellationToken));
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchemaReference(note.Type.Name, context.Document) } },
            };
        }
    }

    private static OpenApiParameter Parameter(ParameterNote note) => new()
    {
        Name = note.Name,
        In = note.Place == "query" ? ParameterLocation.Query : ParameterLocation.Header,
        Description = note.Text,
        Schema = note.Number is var (least, most, otherwise)
            ? new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = Text(least), Maximum = Text(most), Default = JsonValue.Create(otherwise) }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Pattern = note.Pattern,
                MaxLength = note.MaxLength,
                Format = note.Format,
                Enum = note.Values is { } values ? [.. values.Select(v => JsonValue.Create(v))] : null,
            },
    };

    private static OpenApiHeader Header(string name) => name switch
    {
        "Location" => OfText("Its URL, relative to the server unless it is elsewhere.", "uri-reference"),
        "Operation-Location" => OfText("The same as Location.", "uri-reference"),
        "Retry-After" => new OpenApiHeader { Description = "How many seconds to wait before asking again.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" } },
        "ETag" => OfText("Names this version. Send it as If-None-Match.", format: null),
        "Content-Disposition" => OfText("Whether to show (inline) or save (attachment) it, with the file's name.", format: null),
        "Content-Security-Policy" => OfText("What the page may do: nothing but show itself.", format: null),
        "Content-Range" => OfText("Which bytes are sent, and the total.", format: null),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "This header has no words yet."),
    };

    private static OpenApiHeader OfText(string text, string? format) => new() { Description = text, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = format } };

    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonPropertyInfo?.AttributeProvider is { } property)
        {
            if (property.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true).OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed)
                schema.Enum = [.. allowed.Values.Select(v => JsonValue.Create((string)v!))];
            if (property.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault() is { } words)
                schema.Description = words.Description;
        }
        else if (context.JsonTypeInfo.Type.GetCustomAttribute<DescriptionAttribute>(inherit: false) is { } words)
        {
            schema.Description = words.Description;
        }

        if (context.JsonPropertyInfo is { Name: "url" or "next" })
            schema.Format = "uri-reference";
        if (context.JsonTypeInfo.Type == typeof(JsonElement))
            schema.Description ??= "Any JSON.";
        foreach (JsonPropertyInfo absent in context.JsonTypeInfo.Properties.Where(IsAbsentWhereNull))
        {
            schema.Required?.Remove(absent.Name);
            if (schema.Properties?.TryGetValue(absent.Name, out IOpenApiSchema? found) == true && found is OpenApiSchema { Type: { } type } value)
                value.Type = type & ~JsonSchemaType.Null;
        }

        if (context.JsonTypeInfo.Type == typeof(ExportBody) && context.JsonPropertyInfo is null)
            DescribeBody(schema);
        return Task.CompletedTask;
    }

    private static bool IsAbsentWhereNull(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).OfType<JsonIgnoreAttribute>().Any(i => i.Condition == JsonIgnoreCondition.WhenWritingNull) == true;

    private static void DescribeBody(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = false;
        schema.Properties!["conversations"] = new OpenApiSchema
        {
            Description = schema.Properties["conversations"].Description,
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("all")] },
                new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = 10_000, Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9_.:~-]{1,128}$" } },
            ],
        };
        schema.Properties["formats"] = new OpenApiSchema
        {
            Description = schema.Properties["formats"].Description,
            Type = JsonSchemaType.Array | JsonSchemaType.Null,
            MinItems = 1,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("parquet"), JsonValue.Create("jsonl"), JsonValue.Create("csv"), JsonValue.Create("html")] },
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
