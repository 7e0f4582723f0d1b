using ILoRA.Streaming.Training.Devices;
using ILoRA.Streaming.Training.Models;
using ILoRA.Streaming.Training.Samples;
using ILoRA.Streaming.Training.Scoring;
using static TorchSharp.torch;

namespace ILoRA.Streaming.Training.Online;

/// <summary>
/// The steps through the language model. The loss is that of the scorer that serves the line: head scorer or title scorer.
/// </summary>
public sealed partial class OnlineTrainer
{
    private double LearnScore(Sample[] samples, double share)
    {
        var wanted = (int)(samples.Length * share + random.NextDouble());
        if (wanted == 0)
            return 0;
        using var scope = NewDisposeScope();
        var fresh = Scorable(Subsample(samples, wanted));
        var old = Scorable(replay.Draw((int)(fresh.Length * options.Replay), random));
        if (fresh.Length == 0)
            return 0;
        headAdam.ZeroGradients();
        scalarAdam.ZeroGradients();
        adapterAdam.ZeroGradients();
        var loss = titleLikelihoods is null ? HeadGradients(fresh, old) : TitleGradients(titleLikelihoods, fresh, old);
        scalarAdam.Update(options.ScalarRate * RateScale, options.Clip);
        model.Head.KeepLikelihoodPositive();
        headAdam.Update(options.HeadRate * RateScale, options.Clip);
        adapterAdam.Update(options.AdapterRate * RateScale, options.Clip, options.Pull);
        return loss;
    }

    // The title scorer cannot score a target that has no title, so such samples are skipped.
    private Sample[] Scorable(IReadOnlyList<Sample> samples) =>
        [.. samples.Where(sample => titleLikelihoods is null || catalogue.HasTitle(sample.Target))];

    // Replayed samples protect the maps against forgetting; the terms' weights learn from new samples only.
    private double HeadGradients(IReadOnlyList<Sample> fresh, IReadOnlyList<Sample> old)
    {
        var features = context.Features();
        var loss = AddGradients(Read(fresh), 1, part => HeadLoss(part, features, learnScalars: true));
        AddGradients(Read(old), options.Replay / (1 + options.Replay), part => HeadLoss(part, features, learnScalars: false));
        return loss;

        IEnumerable<(Sample, int)> Read(IEnumerable<Sample> samples) => samples.Select(sample => (sample, context.PromptLength(sample)));
    }

    private double TitleGradients(TitleLikelihoods titles, IReadOnlyList<Sample> fresh, IReadOnlyList<Sample> old)
    {
        string[] items = [.. catalogue.Ids.Where(catalogue.HasTitle)];
        var loss = AddGradients(Read(fresh), 1, part => TitleLoss(titles, part, learnScalars: true));
        AddGradients(Read(old), options.Replay / (1 + options.Replay), part => TitleLoss(titles, part, learnScalars: false));
        return loss;

        IEnumerable<(PackedSample, int)> Read(IEnumerable<Sample> samples) => samples
            .Select(sample => titles.Pack(CandidateSample.Draw(sample, items, options.TitleCandidates, random), null))
            .Select(packed => (packed, packed.Packed.Ids.Length));
    }

    /// <summary>
    /// Adds the gradient of the weighted mean loss, accumulated over parts of the entries, so that few activations are kept for the
    /// backward pass.
    /// </summary>
    /// <param name="entries">Entries with their lengths in tokens.</param>
    /// <param name="weight">A factor of the loss.</param>
    /// <param name="loss">Computes the mean loss of a part.</param>
    /// <returns>The mean loss, unweighted; 0 where there are no entries.</returns>
    private double AddGradients<T>(IEnumerable<(T Entry, int Tokens)> entries, double weight, Func<T[], Tensor> loss)
    {
        var (all, sum) = (entries.ToArray(), 0.0);
        foreach (var part in TokenBatches.Of(all, TokensPerPass ?? (model.Device.type == TorchSharp.DeviceType.CUDA ? 8192 : 512)))
        {
            using var scope = NewDisposeScope();
            var mean = loss(part);
            mean.Times(weight * part.Length / all.Length).backward();
            sum += mean.item<float>() * part.Length;
        }
        return sum / Math.Max(1, all.Length);
    }

    /// <summary>Cross-entropy of the softmax over the whole catalogue.</summary>
    private Tensor HeadLoss(IReadOnlyList<Sample> samples, CatalogueFeatures features, bool learnScalars)
    {
        var (user, z) = Histories(samples, features);
        var h = model.LastHidden(context.Prompts(samples), z);
        var scores = model.Head.Scores(h, user, features, learnScalars);
        return nn.functional.cross_entropy(scores, context.Targets(samples));
    }

    /// <summary>Cross-entropy of the softmax over each prompt's candidates, of the title scorer's scores as served.</summary>
    private Tensor TitleLoss(TitleLikelihoods titles, PackedSample[] part, bool learnScalars)
    {
        titles.ComputePriors(part);
        Tensor encoder;
        using (no_grad())
        {
            var z = context.SequenceVectors([.. part.Select(sample => sample.Sample)]);
            encoder = context.LogEncoder(model.Encoder.Logits(z));          // [B, M]
        }
        return stack(part.Zip(titles.Likelihoods(part)).Select((pair, b) =>
        {
            var (sample, likelihoods) = pair;
            var places = tensor(sample.Scored.Select(item => (long)catalogue.IndexOf(item)).ToArray(), device: model.Device);
            var scores = model.Head.TitleScores(likelihoods, titles.Priors(sample), encoder[b].index_select(0, places), learnScalars);
            return TorchTitleScorer.ListwiseLoss(scores, 0);
        })).mean();
    }

    private Sample[] Subsample(Sample[] samples, int count) =>
        count >= samples.Length
            ? samples
            : [.. Enumerable.Range(0, count).Select(part => samples[(part * samples.Length + random.Next(samples.Length)) / count])];
}
