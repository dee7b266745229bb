using KapsoArchive.Api.Description;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Api;

/// <summary>Maps and describes the routes of the archive's conversations.</summary>
internal static class ConversationRoutes
{
    private const string Tag = "Conversations";
    private const string NoArchive = "No run has been committed yet.";
    private const string WrongParameter = "A parameter is wrong or unknown; errors names it.";

    private static readonly ParameterNote IfNoneMatch = new("If-None-Match", "header", "The ETag that the client already has.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/conversations",
            ([FromServices] ConversationsApi api, HttpRequest request, CancellationToken cancellationToken) =>
                api.ListAsync(request, cancellationToken))
            .Named("listConversations", Tag, "List conversations of the archive", "Sends no request to Kapso.")
            .Takes(
                new("id", "query", "Only conversations whose id begins like that."),
                From("The newest message was sent at this time or later"), To("The newest message was sent before this time"),
                new("outcome", "query", "Only those whose last reading ended like that.") { Values = ConversationsApi.Outcomes },
                new("sort", "query", "last: newest message first, the default; name; or messages: most messages first.")
                { Values = ConversationsApi.Orders },
                Limit(PageQuery.MaxLimit, PageQuery.DefaultLimit),
                new("after", "query", "Only conversations behind the one with this id. The URL in next contains it."),
                IfNoneMatch)
            .Answers<ConversationPage>(StatusCodes.Status200OK, "One page of conversations.", "ETag")
            .Answers(StatusCodes.Status304NotModified, "The archive has not changed.", "ETag")
            .Refuses(StatusCodes.Status400BadRequest, WrongParameter)
            .Refuses(StatusCodes.Status404NotFound, NoArchive)
            .MayFail();
        endpoints.MapPost("/api/conversations/search",
            ([FromServices] ConversationsApi api, HttpRequest request, CancellationToken cancellationToken) =>
                api.SearchAsync(request, cancellationToken))
            .Named("searchConversations", Tag, "Find conversations of the archive",
                "By phone, name or text. Personal data goes into the body, because servers log addresses. Sends no request to Kapso.")
            .WithMetadata(new BodyNote(typeof(SearchBody)))
            .Answers<ConversationPage>(StatusCodes.Status200OK, "One page of the conversations that match.")
            .Refuses(StatusCodes.Status400BadRequest, "The body is not JSON, or a parameter is unknown.")
            .Refuses(StatusCodes.Status404NotFound, NoArchive)
            .Refuses(StatusCodes.Status413PayloadTooLarge, "The body has more than 1,048,576 bytes.")
            .Refuses(StatusCodes.Status415UnsupportedMediaType, "The body is not application/json.")
            .Refuses(StatusCodes.Status422UnprocessableEntity, "Fields are wrong; errors names them all.")
            .Refuses(StatusCodes.Status501NotImplemented, "This server does not search text; detail names the command that does.")
            .IsGuarded()
            .MayFail();
        endpoints.MapGet("/api/conversations/{id}/messages",
            ([FromServices] ConversationsApi api, HttpRequest request, [Description("The conversation's id, or a beginning of it that no " +
                "other conversation has. A telephone number is refused.")] string id, CancellationToken cancellationToken) =>
                api.MessagesAsync(request, id, cancellationToken))
            .Named("listMessages", Tag, "Read messages of a conversation in the archive",
                "The current version of each message, without those that Kapso no longer lists. Sends no request to Kapso.")
            .Takes(
                new("cursor", "query", "The place where the page begins. The URL in next contains it."),
                From("Created at this time or later"), To("Created before this time"),
                new("direction", "query", "Only messages of this direction.") { Values = ExportChoice.KnownDirections },
                new("type", "query", "Only messages of these types, separated by commas, for example text,image."),
                Limit(ConversationsApi.MaxMessages, ConversationsApi.DefaultMessages),
                new("order", "query", "newest: newest first, the default; or oldest: oldest first.")
                { Values = [ConversationsApi.NewestFirst, ConversationsApi.OldestFirst] },
                IfNoneMatch)
            .Answers<MessagePage>(StatusCodes.Status200OK, "One page of messages.", "ETag")
            .Answers(StatusCodes.Status304NotModified, "The archive has not changed.", "ETag")
            .Refuses(StatusCodes.Status400BadRequest, "A parameter is wrong or unknown, or several ids begin like that; errors names it.")
            .Refuses(StatusCodes.Status404NotFound, "The archive has no such conversation, or no run has been committed yet.")
            .MayFail();
    }

    private static ParameterNote From(string text) => Time("from", text);

    private static ParameterNote To(string text) => Time("to", text);

    private static ParameterNote Time(string name, string text) =>
        new(name, "query", $"{text}: ISO 8601 with an offset, for example 2026-03-01T00:00:00Z.") { Format = "date-time" };

    private static ParameterNote Limit(int most, int otherwise) =>
        new("limit", "query", "The maximum number of items.") { Number = (1, most, otherwise) };
}
