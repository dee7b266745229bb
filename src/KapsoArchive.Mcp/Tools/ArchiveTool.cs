using System.Text.Encodings.Web;
using Microsoft.Extensions.AI;

namespace KapsoArchive.Mcp.Tools;

/// <summary>A tool that only reads the archive. Its answer is one JSON document, as structured content and as text. What is wrong with a
/// call is an error of the tool that says how to correct it.</summary>
internal abstract class ArchiveTool<TAnswer> : McpServerTool
{
    /// <summary>Most characters of an error.</summary>
    private const int MostOfError = 2_000;

    /// <summary>How long a call may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly JsonSerializerOptions Json = new(AgentJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Names and texts of any script stay readable.
    };

    private readonly SemaphoreSlim _turns;
    private readonly IReadOnlyList<ToolParameter> _parameters;
    private readonly ILogger _log;

    /// <param name="atOnce">How many calls are carried out at once; others wait.</param>
    protected ArchiveTool(
        string name, string title, string description, IReadOnlyList<ToolParameter> parameters, ILogger log, int atOnce = 4)
    {
        (_parameters, _log, _turns) = (parameters, log, new SemaphoreSlim(atOnce));
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = SchemaOf(parameters),
            OutputSchema = AIJsonUtilities.CreateJsonSchema(typeof(TAnswer), serializerOptions: Json),
            Annotations = new ToolAnnotations
            {
                Title = title,
                ReadOnlyHint = true,
                DestructiveHint = false,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };
    }

    public override Tool ProtocolTool { get; }

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            TAnswer answer = await TakeTurnAsync(new ToolArguments(_parameters, request.Params?.Arguments), limited.Token);
            JsonElement json = JsonSerializer.SerializeToElement(answer, Json);
            return new CallToolResult
            {
                Content = [new TextContentBlock { Text = JsonSerializer.Serialize(answer, Json) }],
                StructuredContent = json,
            };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = Describe(e) }] };
        }
    }

    /// <exception cref="SettingException">An argument is wrong, or there is no archive.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    protected abstract Task<TAnswer> AnswerAsync(ToolArguments arguments, CancellationToken cancellationToken);

    private async Task<TAnswer> TakeTurnAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await AnswerAsync(arguments, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    private string Describe(Exception exception)
    {
        switch (exception)
        {
            case SettingException or StoreException:
                return AgentText.Beginning(exception.Message, MostOfError);
            case OperationCanceledException:
                return VisibleText.Sentence($"The call took longer than {Limit.TotalSeconds} seconds. Ask for less.");
            default:
                AgentLog.Failed(_log, ProtocolTool.Name, exception.GetType().Name);
                return "The archive could not be read because of an unexpected error. The server's log names it.";
        }
    }

    private static JsonElement SchemaOf(IReadOnlyList<ToolParameter> parameters)
    {
        var properties = new JsonObject();
        foreach (ToolParameter parameter in parameters)
            properties.Add(parameter.Name, parameter.ToSchema());
        JsonArray required = [.. parameters.Where(p => p.IsRequired).Select(p => JsonValue.Create(p.Name))];
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            schema["required"] = required;
        return JsonElement.Parse(schema.ToJsonString());
    }
}
