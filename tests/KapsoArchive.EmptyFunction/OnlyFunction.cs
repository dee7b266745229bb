using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace KapsoArchive.EmptyFunction;

/// <summary>The one function: it answers, and does nothing else.</summary>
public static class OnlyFunction
{
    [Function("Empty")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequest request) => Results.Ok();
}
