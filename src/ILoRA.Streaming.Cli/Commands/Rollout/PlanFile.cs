using System.Text.Json;
using System.Text.Json.Nodes;
using ILoRA.Streaming.Events;
using ILoRA.Streaming.Json;
using ILoRA.Streaming.Rollout;

namespace ILoRA.Streaming.Cli.Commands.Rollout;

/// <summary>A plan as an operator writes it: the event's JSON, where <c>revision</c> may be left out for the next one.</summary>
internal static class PlanFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="InvalidDataException">The file holds no valid plan; the message says which field and why.</exception>
    public static RolloutPlan Read(FileInfo file, RolloutRegistry registry)
    {
        try
        {
            var text = File.ReadAllBytes(file.FullName);
            if (text.Length == 0)
                throw new InvalidDataException($"{file.Name} is empty; give a rollout plan as JSON.");
            var plan =
                JsonNode.Parse(text, documentOptions: Strict) as JsonObject
                    ?? throw new InvalidDataException($"{file.Name}: not a JSON object.");
            if (!plan.ContainsKey("revision") && plan["rollout"] is JsonValue name && name.TryGetValue<string>(out var rollout))
                plan["revision"] = (registry.Find(new RolloutName(rollout))?.Revision ?? 0) + 1;
            return EventJson.Parse<RolloutPlan>(JsonSerializer.SerializeToUtf8Bytes(plan));
        }
        catch (JsonException invalid)
        {
            throw new InvalidDataException($"{file.Name}: {invalid.Message}");
        }
        catch (PoisonException poison)
        {
            throw new InvalidDataException($"{file.Name}: {poison.Message}");
        }
    }
}
