using Microsoft.Extensions.Configuration;

namespace ILoRA.Streaming.Configuration;

/// <summary>Where the settings of every program come from; a later source wins over an earlier one, flags over all.</summary>
public static class SettingSources
{
    /// <summary>What a variable's name begins with; a further <c>__</c> stands for the colon of a section.</summary>
    public const string VariablePrefix = "ILORA__";

    private const string FileName = "appsettings.json";

    /// <summary><c>appsettings.json</c> beside the program, then in the current folder, then environment variables.</summary>
    public static IConfigurationBuilder AddSettingSources(this IConfigurationBuilder builder) => builder
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true)
        .AddJsonFile(Path.Combine(Environment.CurrentDirectory, FileName), optional: true)
        .AddEnvironmentVariables(VariablePrefix);

    /// <summary>The settings of a program without a host.</summary>
    /// <param name="flags">Those given on the command line; null where a flag was not given.</param>
    /// <param name="sections">What the program reads.</param>
    /// <exception cref="InvalidDataException">A setting is not known, or is not one any more.</exception>
    public static IConfiguration Read(IReadOnlyDictionary<string, string?> flags, IReadOnlyCollection<SettingsSection> sections)
    {
        var configuration = new ConfigurationBuilder().AddSettingSources()
            .AddInMemoryCollection(flags.Where(flag => flag.Value is not null))
            .Build();
        RemovedSettings.Refuse(configuration);
        UnknownSettings.Refuse(configuration, sections);
        return configuration;
    }
}
