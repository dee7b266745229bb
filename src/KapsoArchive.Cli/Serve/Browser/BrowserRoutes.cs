using KapsoArchive.Api;
using KapsoArchive.Api.FrontDoor;
using KapsoArchive.Api.FrontDoor.Conversations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Maps the browser's pages.</summary>
internal static class BrowserRoutes
{
    private const string SignIn = "/sign-in";
    private const string List = "/conversations";
    private const string Conversation = $"{List}/{{id}}";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder pages = endpoints.MapGroup("");
        pages.WithMetadata(PageEndpoint.Instance);
        pages.MapGet("/", ([FromServices] FrontDoorViews door, HttpRequest request, CancellationToken cancellationToken) =>
            door.ShowAsync(request, VisitorOf(request), cancellationToken));
        pages.MapPost("/", ([FromServices] FrontDoorViews door, HttpRequest request, CancellationToken cancellationToken) =>
            door.ActAsync(request, VisitorOf(request), cancellationToken));
        pages.MapGet("/runs/{id}/report", ([FromServices] FrontDoorViews door, HttpRequest request, string id,
            CancellationToken cancellationToken) => door.ReportAsync(request, VisitorOf(request), id, cancellationToken));
        pages.MapGet(
            "/exports/{id}/files/{**path}",
            ([FromServices] FrontDoorViews door, HttpRequest request, string id, string? path, CancellationToken cancellationToken) =>
                door.FileAsync(request, VisitorOf(request), id, path ?? "", cancellationToken));
        MapReading(pages);
        pages.MapGet(SignIn, (HttpRequest request) => SignInViews.Home(request));
        pages.MapPost(
            "/sign-out",
            ([FromServices] SignInViews door, [FromServices] Visitors visitors, HttpRequest request, CancellationToken cancellationToken) =>
                door.SignOutAsync(request, VisitorOf(request), () => visitors.SignOut(request.HttpContext), cancellationToken));
        endpoints.MapPost(
            SignIn,
            ([FromServices] SignInViews door, [FromServices] Visitors visitors, HttpRequest request, CancellationToken cancellationToken) =>
                door.SignInAsync(request, key => visitors.TrySignIn(request.HttpContext, key), cancellationToken))
            .WithMetadata(new AnonymousEndpoint());
    }

    private static void MapReading(RouteGroupBuilder pages)
    {
        pages.MapGet(List, ([FromServices] ReadingViews door, HttpRequest request, CancellationToken cancellationToken) =>
            door.ListAsync(request, VisitorOf(request), cancellationToken));
        pages.MapPost(List, ([FromServices] ReadingViews door, HttpRequest request, CancellationToken cancellationToken) =>
            door.FindAsync(request, VisitorOf(request), cancellationToken));
        pages.MapGet(Conversation, (
            [FromServices] ReadingViews door, HttpRequest request, string id, CancellationToken cancellationToken) =>
            door.ShowAsync(request, VisitorOf(request), id, cancellationToken));
        pages.MapGet($"{Conversation}/files/{{sha256}}", (
            [FromServices] ReadingViews door, HttpRequest request, string id, string sha256, CancellationToken cancellationToken) =>
            door.FileAsync(request, id, sha256, cancellationToken));
        pages.MapPost(Conversation, (
            [FromServices] ReadingViews door, HttpRequest request, string id, CancellationToken cancellationToken) =>
            door.SearchAsync(request, VisitorOf(request), id, cancellationToken));
    }

    /// <summary>The visitor, identified earlier by the key middleware.</summary>
    private static Visitor VisitorOf(HttpRequest request) => request.HttpContext.Features.GetRequiredFeature<Visitor>();
}
