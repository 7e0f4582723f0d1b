namespace ILoRA.Streaming.Inference.Ranking;

/// <summary>How many items are scored for one list.</summary>
/// <param name="WholeCatalogue">Larger catalogues are cut down by retrieval before the head scores them.</param>
/// <param name="Head">Candidates of the head scorer where the catalogue is larger than that.</param>
/// <param name="Title">Candidates of the title scorer.</param>
public sealed record CandidateLimits(int WholeCatalogue, int Head, int Title);
