using KapsoArchive.Api;
using KapsoArchive.Api.FrontDoor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace KapsoArchive.Cli.Serve.Browser;

/// <summary>Maps the browser's pages.</summary>
internal static class PageRoutes
{
    private const string SignIn = "/sign-in";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder pages = endpoints.MapGroup("");
        pages.WithMetadata(PageEndpoint.Instance);
        pages.MapGet("/", ([FromServices] FrontDoorPages door, HttpRequest request, CancellationToken cancellationToken) =>
            door.ShowAsync(request, VisitorOf(request), cancellationToken));
        pages.MapPost("/", ([FromServices] FrontDoorPages door, HttpRequest request, CancellationToken cancellationToken) =>
            door.ActAsync(request, VisitorOf(request), cancellationToken));
        pages.MapGet("/runs/{id}/report", ([FromServices] FrontDoorPages door, HttpRequest request, string id,
            CancellationToken cancellationToken) => door.ReportAsync(request, VisitorOf(request), id, cancellationToken));
        pages.MapGet(
            "/exports/{id}/files/{**path}",
            ([FromServices] FrontDoorPages door, HttpRequest request, string id, string? path, CancellationToken cancellationToken) =>
                door.FileAsync(request, VisitorOf(request), id, path ?? "", cancellationToken));
        pages.MapGet(SignIn, (HttpRequest request) => SignInPages.Home(request));
        pages.MapPost(
            "/sign-out",
            ([FromServices] SignInPages door, [FromServices] Visitors visitors, HttpRequest request, CancellationToken cancellationToken) =>
                door.SignOutAsync(request, VisitorOf(request), () => visitors.SignOut(request.HttpContext), cancellationToken));
        endpoints.MapPost(
            SignIn,
            ([FromServices] SignInPages door, [FromServices] Visitors visitors, HttpRequest request, CancellationToken cancellationToken) =>
                door.SignInAsync(request, key => visitors.TrySignIn(request.HttpContext, key), cancellationToken))
            .WithMetadata(new AnonymousEndpoint());
    }

    /// <summary>The visitor, identified earlier by the key middleware.</summary>
    private static Visitor VisitorOf(HttpRequest request) => request.HttpContext.Features.GetRequiredFeature<Visitor>();
}
