using KapsoArchive.Core.Kapso;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Tests.Kapso;

public sealed class KapsoOptionsTests
{
    [Theory]
    [InlineData("ApiKey", null, "is missing")]
    [InlineData("ApiKey", " ", "is missing")]
    [InlineData("ApiKey", "line\nbreak", "contains a space, a line break")]
    [InlineData("ApiKey", "clé", "contains a space, a line break")]
    [InlineData("BaseUrl", "", "is not an http or https URL")]
    [InlineData("BaseUrl", "kapso", "is not an http or https URL")]
    [InlineData("BaseUrl", "ftp://app.kapso.ai/", "is not an http or https URL")]
    [InlineData("BaseUrl", "https://app.kapso.ai/api/v1", "must end with a slash")]
    [InlineData("BaseUrl", "http://app.kapso.ai/api/v1/", "must begin with https://")]
    [InlineData("BaseUrl", "https://app.kapso.ai/api/v1/?page=1", "must not contain a user, query or fragment")]
    [InlineData("BaseUrl", "https://app.kapso.ai/api/v1/#a", "must not contain a user, query or fragment")]
    [InlineData("BaseUrl", "https://me:secret@app.kapso.ai/", "must not contain a user, query or fragment")]
    [InlineData("MaxConcurrency", "0", "from 1 to 64")]
    [InlineData("MaxConcurrency", "65", "from 1 to 64")]
    [InlineData("AttemptTimeout", "0", "from 00:00:01 to 00:10:00")]
    [InlineData("AttemptTimeout", "30", "from 00:00:01 to 00:10:00")]
    [InlineData("MaxRetries", "-1", "from 0 to 20")]
    [InlineData("RetryDelay", "00:01:01", "from 00:00:00 to 00:01:00")]
    public void A_bad_setting_is_named_in_one_sentence(string setting, string? value, string problem)
    {
        var exception = Should.Throw<OptionsValidationException>(() => Read(setting, value));

        string sentence = exception.Failures.ShouldHaveSingleItem();
        sentence.ShouldStartWith($"Kapso:{setting} (environment Kapso__{setting}) ");
        sentence.ShouldContain(problem);
        if (value is { Length: > 8 } && setting == "ApiKey")
            exception.ToString().ShouldNotContain(value);
        exception.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void A_setting_of_the_wrong_type_is_named_too() =>
        Should.Throw<OptionsValidationException>(() => Read("MaxConcurrency", "abc")).Message
            .ShouldBe("Kapso:MaxConcurrency (environment Kapso__MaxConcurrency) must be a number from 1 to 64.");

    [Theory]
    [InlineData("BaseUrl", "http://127.0.0.1:5080/api/v1/")]
    [InlineData("BaseUrl", "http://localhost/")]
    [InlineData("BaseUrl", "http://[::1]:5080/")]
    [InlineData("BaseUrl", "https://app.kapso.ai/api/v1/")]
    [InlineData("MaxConcurrency", "64")]
    public void A_valid_setting_is_accepted(string setting, string value) => Read(setting, value).ShouldNotBeNull();

    [Fact]
    public void Only_a_key_is_required() => Read("ApiKey", "k").BaseUrl.ShouldBe("https://app.kapso.ai/api/v1/");

    private static KapsoOptions Read(string setting, string? value)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Kapso:ApiKey", "k")])
            .AddInMemoryCollection([new($"Kapso:{setting}", value)])
            .Build();
        using ServiceProvider provider = new ServiceCollection().AddKapso(configuration).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<KapsoOptions>>().Value;
    }
}
