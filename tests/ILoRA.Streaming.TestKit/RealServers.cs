namespace ILoRA.Streaming.TestKit;

/// <summary>The addresses of real Kafka and Redis servers for tests, from environment variables.</summary>
public static class RealServers
{
    public const string BootstrapVariable = "ILORA_TEST_BOOTSTRAP";
    public const string RedisVariable = "ILORA_TEST_REDIS";

    public static string? Bootstrap => Environment.GetEnvironmentVariable(BootstrapVariable) is { Length: > 0 } value ? value : null;
    public static string? Redis => Environment.GetEnvironmentVariable(RedisVariable) is { Length: > 0 } value ? value : null;

    /// <summary>The reason to skip tests on real servers; null where both servers are given.</summary>
    public static string? WhyNot => (Bootstrap, Redis) switch
    {
        (null, null) => $"no real servers: set {BootstrapVariable} (Kafka) and {RedisVariable} (Redis)",
        (null, _) => $"no real Kafka: set {BootstrapVariable}",
        (_, null) => $"no real Redis: set {RedisVariable}",
        _ => null,
    };
}
