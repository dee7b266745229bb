using KapsoArchive.Api.FrontDoor;

namespace KapsoArchive.Functions;

/// <summary>The browser's pages, at an address with the function's key.</summary>
public sealed class BrowserFunctions(FrontDoorViews pages)
{
    [Function("ShowFrontDoor")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "ui")] HttpRequest request, CancellationToken cancellationToken) =>
        pages.ShowAsync(request, cancellationToken);

    [Function("ActOnFrontDoor")]
    public Task<IResult> ActAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ui")] HttpRequest request, CancellationToken cancellationToken) =>
        pages.ActAsync(request, cancellationToken);
}
