using System.Buffers;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>Asks a browser's user for a key once. The host creates and stores the session.</summary>
public sealed class SignInViews(IServiceProvider services)
{
    private const string Address = "/sign-in";

    /// <summary>The sign-in page, with status 401.</summary>
    public static IResult Ask(HttpRequest request) => Page(request, wasWrong: false);

    /// <summary>Redirects a signed-in user to the start page.</summary>
    public static IResult Home(HttpRequest request) => DocumentResult.SeeOther(HomeOf(request));

    /// <summary>Refuses a form of another site, with status 403.</summary>
    public static IResult Refuse(HttpRequest request) => ProblemView.Of(Problems.ForeignForm().Problem, HomeOf(request));

    /// <summary><c>POST /sign-in</c></summary>
    /// <param name="request">The form, with a key.</param>
    /// <param name="tryBegin">Starts a session if the key is valid.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IResult> SignInAsync(HttpRequest request, Predicate<string> tryBegin, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () =>
    {
        IFormCollection form = await SubmittedForm.ReadAsync(request, cancellationToken);
        return tryBegin(form["key"].ToString().Trim()) ? Home(request) : Page(request, wasWrong: true);
    });

    /// <summary><c>POST /sign-out</c></summary>
    public Task<IResult> SignOutAsync(HttpRequest request, Visitor visitor, Action end, CancellationToken cancellationToken) =>
        AnswerAsync(request, async () =>
    {
        await SubmittedForm.ReadAsync(request, visitor, cancellationToken);
        end();
        return Home(request);
    });

    internal static string HomeOf(HttpRequest request) => $"{request.PathBase.ToUriComponent()}/";

    private Task<IResult> AnswerAsync(HttpRequest request, Func<Task<IResult>> make) =>
        Answer.OfAsync(request, services, make, e => ProblemView.Of(e.Problem, HomeOf(request)));

    private static HtmlResult Page(HttpRequest request, bool wasWrong)
    {
        request.HttpContext.Response.Headers.WWWAuthenticate = "ApiKey";
        var page = new ArrayBufferWriter<byte>();
        var html = new HtmlWriter(page);
        HtmlHead head = new("Sign in: WhatsApp archive") { Style = HtmlStyle.FrontDoor, HasForms = true, NamesOrigin = true };
        using (HtmlShell.Begin(html, head, "narrow"))
        {
            html.Element("p", "kicker", "WhatsApp archive");
            html.Element("h1", null, "Sign in");
            html.Element("p", "lead", "Use one of the server's API keys. You stay signed in until you sign out, for eight hours after " +
                "your last visit, and for twelve hours at most.");
            using (html.Element("form", "fields"))
            {
                html.Attribute("method", "post");
                html.Attribute("action", request.PathBase.ToUriComponent() + Address);
                Field(html, wasWrong);
                html.Constant("<p><button>Sign in</button></p>");
            }
        }

        return new HtmlResult(head, page.WrittenMemory) { Status = StatusCodes.Status401Unauthorized };
    }

    private static void Field(HtmlWriter html, bool wasWrong)
    {
        html.Constant("""<label for="key">API key</label>""");
        html.Void("input");
        html.Attribute("id", "key");
        html.Attribute("name", "key");
        html.Attribute("type", "password");
        html.Attribute("autocomplete", "current-password");
        html.Attribute("required");
        html.Attribute("autofocus");
        if (wasWrong)
        {
            html.Attribute("aria-invalid", "true");
            html.Attribute("aria-describedby", "key-wrong");
            html.Constant("""<p class="wrong" id="key-wrong">This key is wrong. The server's setting Api:Keys has the right ones.</p>""");
        }
    }
}
