using ILoRA.Streaming.Events;
using ILoRA.Streaming.Inference.Graphs;
using ILoRA.Streaming.Inference.Sessions;
using ILoRA.Streaming.Inference.Versions;
using ILoRA.Streaming.Inference.Weights;
using ILoRA.Streaming.Items;
using ILoRA.Streaming.Model.Adapters;
using ILoRA.Streaming.Model.Encoders;
using ILoRA.Streaming.Model.Loading;
using ILoRA.Streaming.Model.Scoring;
using ILoRA.Streaming.Model.Snapshots;
using ILoRA.Streaming.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ILoRA.Streaming.ModelTests.Inference;

/// <summary>Random, untrained versions with all parts on the golden Llama, over items <c>i0</c>, <c>i1</c> ...</summary>
internal sealed class RandomModel : IDisposable
{
    public const int Known = 40;
    private const int Width = 16;

    public static readonly string BackboneFolder = Golden.Own("llama");
    private readonly TitleTable titles;

    public RandomModel()
    {
        Backbone = Backbone.Load(BackboneFolder);
        Session =
            BackboneSession.Open(Backbone, GraphShape.Of(AdapterShape.Default), GraphPrecision.Fast, Device.Cpu, 1, NullLogger.Instance);
        titles = new TitleTable(Backbone);
    }

    public Backbone Backbone { get; }

    public BackboneSession Session { get; }

    /// <summary>A catalogue of the items i0 to i(count - 1), with their numbers in the titles.</summary>
    public static CatalogueBuilder Catalogue(int count)
    {
        var builder = new CatalogueBuilder();
        for (var i = 0; i < count; i++)
            builder.Apply(new ItemEvent { Item = new ItemId($"i{i}"), Title = $"red mug {i}" });
        return builder;
    }

    public ServedVersion Served(Snapshot snapshot, Catalogue catalogue, string line = "online") =>
        ServedVersion.Prepare(new AdapterVersion($"{line}-000001"), new LineName(line), snapshot, Session, titles, catalogue);

    /// <summary>A version that knows the first <see cref="Known"/> items; item i was clicked i times.</summary>
    public static Snapshot Snapshot(Backbone backbone, int seed, Scorer scorer = Scorer.Head, bool deepGate = false)
    {
        var random = new Random(seed);
        var config = backbone.Config;
        var shape = AdapterShape.Default;
        var pairs = GraphShape.Of(shape).Sites(config).ToDictionary(
            site => site,
            site => new LoraPair(Values(shape.Rank * config.InputWidth(site.Target)),
                Values(config.OutputWidth(site.Target) * shape.Rank)));
        var counts = Enumerable.Range(0, Known).Select(i => (float)i).ToArray();
        return new Snapshot
        {
            Backbone = backbone.Hash,
            Lora = new LoraWeights(shape, pairs),
            Gate = new Gate(shape.Experts, Width, Values(shape.Experts * Width),
                deepGate ? new(Values(Width * Width), Values(Width)) : null),
            Projector =
                new Projector(Width, config.Hidden, Values(config.Hidden * Width), Values(config.Hidden),
                    Values(config.Hidden * config.Hidden), Values(config.Hidden)),
            Head = new ScoreHead(config.Hidden, 2 * Width + 1, Values(config.Hidden * config.Hidden),
                Values(config.Hidden * (2 * Width + 1)), Values(config.Hidden), ScoreWeights.Of([0.5f, 0.1f, 0.2f, 0.3f, 0.6f, 0.4f])),
            Encoder =
                new SasRec(Width, 10, Known,
                    SasRecShapes.Of(Width, 10, Known)
                        .ToDictionary(entry => entry.Name, entry => Values(entry.Shape.Aggregate(1, (a, b) => a * b)))),
            Neighbours =
                new ItemNeighbours([.. Enumerable.Range(0, Known + 1).Select(row => row == 0 ? 0 : Math.Min(2 * row, 2 * Known))],
                    [.. Enumerable.Range(0, Known).SelectMany(row => new[] { row / 2, row / 2 + 2 })],
                    [.. Values(2 * Known).Select(MathF.Abs)]),
            Items = new ItemTable([.. Enumerable.Range(0, Known).Select(i => $"i{i}")], counts, counts),
            Scorer = scorer,
            Prompt = PromptStyle.Hybrid,
        };

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 0.4f - 0.2f)];
    }

    public void Dispose() => Session.Dispose();
}
