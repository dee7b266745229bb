using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace KapsoArchive.EmptyFunction;

<<<<<<<< HEAD:tests/KapsoArchive.EmptyFunction/OnlyFunction.cs
/// <summary>The one function: it answers, and does nothing else.</summary>
public static class OnlyFunction
========
/// <summary>Answers, and does nothing else.</summary>
public static class OneFunction
>>>>>>>> 551262cc755d21c512e4b43d50c1090575f3646b:tests/KapsoArchive.EmptyFunction/OneFunction.cs
{
    [Function("Empty")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequest request) => Results.Ok();
}
