using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace KapsoArchive.Core.Settings;

/// <summary>Registers options that are read from a section of the settings.</summary>
public static class SettingSections
{
    /// <summary>Adds options of a section. Reading them throws an <see cref="OptionsValidationException"/> if a value is out of range or of
    /// another type; each of its failures is a sentence that names the setting.</summary>
    /// <param name="name">Name of the options; null for the default.</param>
    public static IServiceCollection AddSettings<TOptions>(
        this IServiceCollection services, IConfiguration configuration, string section, string? name = null)
        where TOptions : class
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, RangeValidator<TOptions>>());
        services.AddOptions<TOptions>(name).Configure(options => Bind(configuration.GetSection(section), options));
        return services;
    }

    private static void Bind<TOptions>(IConfigurationSection section, TOptions options)
        where TOptions : class
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            string[] failures = [.. typeof(TOptions).GetProperties().Where(p => !CanRead(section, p)).Select(p => Sentence(section, p))];
            throw new OptionsValidationException(section.Path, typeof(TOptions), failures.Length > 0 ? failures : [e.Message]);
        }
    }

    private static bool CanRead(IConfigurationSection section, PropertyInfo property)
    {
        try
        {
            _ = section.GetValue(property.PropertyType, property.Name);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Sentence(IConfigurationSection section, PropertyInfo property) =>
        property.GetCustomAttribute<ValidationAttribute>()?.ErrorMessage
            ?? $"{section.Path}:{property.Name} (environment {section.Path}__{property.Name}) must be "
                + $"{(property.PropertyType == typeof(bool) ? "true or false" : $"a {property.PropertyType.Name}")}.";
}
