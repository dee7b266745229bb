using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace KapsoArchive.EmptyFunction;

/// <summary>Answers, and does nothing else.</summary>
public static class OneFunction
{
    [Function("Empty")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequest request) => Results.Ok();
}
