using System.Net;
using KapsoArchive.Cli.Serve;
using KapsoArchive.Core.Archive;
using Microsoft.AspNetCore.Http;

namespace KapsoArchive.Tests.Cli.Serve;

public sealed class ApiKeysTests
{
    private const string First = "0123456789abcdef";
    private const string Second = "fedcba9876543210!";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void Without_configured_keys_no_key_is_needed(string? setting) => ApiKeys.Parse(setting).AreNeeded.ShouldBeFalse();

    [Theory]
    [InlineData("0123456789abcde", 1)]
    [InlineData($"{First},short", 2)]
    [InlineData("0123456789 abcdef", 1)]
    [InlineData("0123456789abcdéf", 1)]
    [InlineData("0123456789\tabcdef", 1)]
    public void A_short_or_invalid_key_is_named_by_position_and_not_shown(string setting, int place)
    {
        string message = Should.Throw<SettingException>(() => ApiKeys.Parse(setting)).Message;

        message.ShouldStartWith($"Api:Keys (environment Api__Keys): key {place} ");
        foreach (string key in setting.Split(','))
            message.ShouldNotContain(key);
    }

    [Theory]
    [InlineData("x-functions-key", First)]
    [InlineData("X-FUNCTIONS-KEY", Second)]
    [InlineData("X-API-Key", Second)]
    public void Each_key_is_accepted_in_either_header(string header, string key)
    {
        HttpContext context = Call();
        context.Request.Headers[header] = key;

        Keys.LetIn(context.Request).ShouldBeTrue();
    }

    [Theory]
    [InlineData("?code=fedcba9876543210!", true)]
    [InlineData("?limit=1&CODE=0123456789abcdef", true)]
    [InlineData("?code=fedcba9876543210%21", true)]
    [InlineData("?code=0123456789abcdeF", false)]
    [InlineData("?code=0123456789abcdef0", false)]
    [InlineData("?code=0123456789abcdef&code=0123456789abcdef", false)]
    [InlineData("?code=0123456789abcdef,fedcba9876543210!", false)]
    [InlineData("?code=", false)]
    [InlineData("?key=0123456789abcdef", false)]
    public void A_key_in_the_query_is_accepted_only_if_it_is_valid(string query, bool isLetIn)
    {
        HttpContext context = Call();
        context.Request.QueryString = new QueryString(query);

        Keys.LetIn(context.Request).ShouldBe(isLetIn);
    }

    [Fact]
    public void A_key_identifies_the_same_caller_from_every_address()
    {
        HttpContext here = Call("10.0.0.1");
        here.Request.Headers["x-functions-key"] = First;
        HttpContext there = Call("10.0.0.2");
        there.Request.QueryString = new QueryString($"?code={First}");

        Keys.CallerOf(here.Request).ShouldNotBeNull().ShouldBe(Keys.CallerOf(there.Request));
        Keys.CallerOf(here.Request)!.ShouldNotContain(First);
    }

    [Fact]
    public void Wrong_keys_do_not_identify_a_caller()
    {
        HttpContext one = Call("10.0.0.1");
        one.Request.Headers["x-functions-key"] = "one wrong key";
        HttpContext another = Call("10.0.0.1");
        another.Request.Headers["x-functions-key"] = "another wrong key";

        (Keys.CallerOf(one.Request), Keys.CallerOf(another.Request)).ShouldBe((null, null));
    }

    private static ApiKeys Keys => ApiKeys.Parse($" {First} , {Second},");

    private static DefaultHttpContext Call(string from = "127.0.0.1")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        return context;
    }
}
