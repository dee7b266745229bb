using KapsoArchive.Api;
using KapsoArchive.Api.FrontDoor;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Maps the browser's pages.</summary>
internal static class BrowserRoutes
{
    private const string SignIn = "/sign-in";

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

    /// <summary>The visitor, identified earlier by the key middleware.</summary>
    private static Visitor VisitorOf(HttpRequest request) => request.HttpContext.Features.GetRequiredFeature<Visitor>();
}
