using ILoRA.Streaming.Training.Offline;

namespace ILoRA.Streaming.Tests.Offline;

public sealed class CatalogueRankTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(0, 2.5)]
    [InlineData(2, 2.5)]
    [InlineData(1, 4)]
    public void Tied_items_get_their_mean_rank(int target, double rank) =>
        Assert.Equal(rank, CatalogueRank.Of([0.5f, 0.1f, 0.5f, 0.9f], target));
}
