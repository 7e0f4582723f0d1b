using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ILoRA.Streaming.Configuration;

/// <summary>Registers the options of a feature.</summary>
public static class FeatureOptions
{
    /// <summary>Binds a feature's options to its section and checks them at start.</summary>
    /// <exception cref="InvalidDataException">A duration has no unit.</exception>
    public static IServiceCollection AddFeature<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
    {
        Durations.RequireUnits(configuration.GetSection(section), typeof(TOptions));
        services.AddSingleton(new SettingsSection(section, typeof(TOptions)));
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    /// <summary>Refuses settings that no registered feature reads; to be called after all features are registered.</summary>
    /// <exception cref="InvalidDataException">One is unknown.</exception>
    public static void RefuseUnknownSettings(this IServiceCollection services, IConfiguration configuration)
    {
        var sections =
            services.Where(service => service.ServiceType == typeof(SettingsSection))
                .Select(service => (SettingsSection)service.ImplementationInstance!);
        UnknownSettings.Refuse(configuration, [.. sections.Distinct()]);
    }
}
