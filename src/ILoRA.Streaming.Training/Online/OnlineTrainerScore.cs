using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Online;

/// <summary>The part that goes through the language model: each line learns by the scorer that serves it.</summary>
public sealed partial class OnlineTrainer
{
    private double LearnScore(Sample[] samples, double share)
    {
        var wanted = (int)(samples.Length * share + random.NextDouble());
        if (wanted == 0)
            return 0;
        using var scope = NewDisposeScope();
        var fresh = Answerable(Pick(samples, wanted));
        var old = Answerable(replay.Draw((int)(fresh.Length * options.Replay), random));
        if (fresh.Length == 0)
            return 0;
        headAdam.ZeroGradients();
        scalarAdam.ZeroGradients();
        adapterAdam.ZeroGradients();
        var loss = reader is null ? ByHead(fresh, old) : ByTitles(reader, fresh, old);
        scalarAdam.Update(options.ScalarRate * RateScale, options.Clip);
        model.Head.KeepLikelihoodPositive();
        headAdam.Update(options.HeadRate * RateScale, options.Clip);
        adapterAdam.Update(options.AdapterRate * RateScale, options.Clip, options.Pull);
        return loss;
    }

    // What has no title is never the title scorer's answer.
    private Sample[] Answerable(IReadOnlyList<Sample> samples) => [.. samples.Where(sample => reader is null || catalogue.HasTitle(sample.Target))];

    // Replayed samples hold what was learned; the terms' weights follow the stream alone.
    private double ByHead(IReadOnlyList<Sample> fresh, IReadOnlyList<Sample> old)
    {
        var features = context.Features();
        var loss = AddGradients(Read(fresh), 1, part => HeadLoss(part, features, learnScalars: true));
        AddGradients(Read(old), options.Replay / (1 + options.Replay), part => HeadLoss(part, features, learnScalars: false));
        return loss;

        IEnumerable<(Sample, int)> Read(IEnumerable<Sample> samples) => samples.Select(sample => (sample, context.PromptLength(sample)));
    }

    private double ByTitles(TitleLikelihoods titles, IReadOnlyList<Sample> fresh, IReadOnlyList<Sample> old)
    {
        string[] items = [.. catalogue.Ids.Where(catalogue.HasTitle)];
        var loss = AddGradients(Read(fresh), 1, part => TitleLoss(titles, part, learnScalars: true));
        AddGradients(Read(old), options.Replay / (1 + options.Replay), part => TitleLoss(titles, part, learnScalars: false));
        return loss;

        IEnumerable<(PackedSample, int)> Read(IEnumerable<Sample> samples) => samples
            .Select(sample => titles.Ask(CandidateSample.Draw(sample, items, options.TitleCandidates, random), null)).Select(asked => (asked, asked.Packed.Ids.Length));
    }

    /// <summary>Adds the gradient of the mean loss, a few at a time: the sum is the same, and what is kept for the way back stays small.</summary>
    /// <param name="entries">Each with its tokens.</param>
    /// <param name="weight">Multiplies the loss.</param>
    /// <param name="loss">The mean loss of some of them.</param>
    /// <returns>The mean loss; 0 where there are none.</returns>
    private double AddGradients<T>(IEnumerable<(T Entry, int Tokens)> entries, double weight, Func<T[], Tensor> loss)
    {
        var (all, sum) = (entries.ToArray(), 0.0);
        foreach (var part in TokenBatches.Of(all, TokensAtOnce ?? (model.Device.type == TorchSharp.DeviceType.CUDA ? 8192 : 512)))
        {
            using var scope = NewDisposeScope();
            var mean = loss(part);
            mean.Times(weight * part.Length / all.Length).backward();
            sum += mean.item<float>() * part.Length;
        }
        return sum / Math.Max(1, all.Length);
    }

    /// <summary>Full softmax over the catalogue.</summary>
    private Tensor HeadLoss(IReadOnlyList<Sample> samples, CatalogueFeatures features, bool learnScalars)
    {
        var (user, z) = Histories(samples, features);
        var h = model.LastHidden(context.Prompts(samples), z);
        var scores = model.Head.Scores(h, user, features, learnScalars);
        return nn.functional.cross_entropy(scores, context.Targets(samples));
    }

    /// <summary>Softmax over each prompt's candidates, of the score that the title scorer serves.</summary>
    private Tensor TitleLoss(TitleLikelihoods titles, PackedSample[] part, bool learnScalars)
    {
        titles.FindPriors(part);
        Tensor encoder;
        using (no_grad())
            encoder = context.LogEncoder(model.Encoder.Logits(context.SequenceVectors([.. part.Select(question => question.Sample)])));          // [B, M]
        return stack(part.Zip(titles.Likelihoods(part)).Select((pair, b) =>
        {
            var (question, likelihoods) = pair;
            var places = tensor(question.Scored.Select(item => (long)catalogue.IndexOf(item)).ToArray(), device: model.Device);
            return TorchTitleScorer.ListwiseLoss(model.Head.TitleScores(likelihoods, titles.Priors(question), encoder[b].index_select(0, places), learnScalars), 0);
        })).mean();
    }

    private Sample[] Pick(Sample[] samples, int count) =>
        count >= samples.Length ? samples : [.. Enumerable.Range(0, count).Select(part => samples[(part * samples.Length + random.Next(samples.Length)) / count])];
}
