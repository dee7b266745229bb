namespace KapsoArchive.Mcp.Answers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConversationsAnswer))]
[JsonSerializable(typeof(FindAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(RowsAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class AgentJson : JsonSerializerContext;
