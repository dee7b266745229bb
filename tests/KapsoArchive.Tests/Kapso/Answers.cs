using System.Net;
using System.Net.Http.Headers;

namespace KapsoArchive.Tests.Kapso;

/// <summary>Answers that scripts are made of.</summary>
internal static class Answers
{
    public const string PageJson = """{"data":[{"id":"m1"}],"meta":{"page":1,"per_page":100,"total_pages":1,"total_count":1}}""";

    public static HttpResponseMessage Page() => Body(PageJson);

    public static HttpResponseMessage Body(string body) => ScriptedTransport.Answer(HttpStatusCode.OK, body);

    public static Func<HttpResponseMessage> Status(int status, string body = "") => () => ScriptedTransport.Answer((HttpStatusCode)status, body);

    public static Func<HttpResponseMessage> Status(int status, RetryConditionHeaderValue? retryAfter, DateTimeOffset? date = null) => () =>
    {
        HttpResponseMessage answer = ScriptedTransport.Answer((HttpStatusCode)status, """{"error":"Later"}""");
        answer.Headers.RetryAfter = retryAfter;
        answer.Headers.Date = date;
        return answer;
    };
}
