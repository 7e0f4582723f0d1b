namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>The numbers of candidates that are scored for one recommendation.</summary>
/// <param name="WholeCatalogue">The size up to which the head scorer scores the whole catalogue; retrieval selects candidates of larger
/// ones.</param>
/// <param name="Head">The head scorer's candidates of larger catalogues.</param>
/// <param name="Title">The title scorer's candidates.</param>
public sealed record CandidateLimits(int WholeCatalogue, int Head, int Title);
