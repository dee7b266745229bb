namespace KapsoArchive.Api;

/// <summary>The API's JSON, independent of the host's options.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(ExportBody))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(LiveDocument))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(SearchBody))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(StatusPage))]
internal sealed partial class ApiJson : JsonSerializerContext;
