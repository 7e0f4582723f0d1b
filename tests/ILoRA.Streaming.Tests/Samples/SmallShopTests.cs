using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Samples;

public sealed class SmallShopTests
{
    /// <summary>Where they differ, the new ones are left in a temporary folder, to be copied.</summary>
    [Fact]
    public void The_shipped_shop_is_what_its_generator_writes()
    {
        var folder = Directory.CreateTempSubdirectory("ilora-shop-").FullName;
        SmallShop.WriteProducts(Path.Combine(folder, "products.csv"));
        SmallShop.WriteClicks(Path.Combine(folder, "clicks.csv"));
        foreach (var name in (string[])["products.csv", "clicks.csv"])
        {
            var shipped = Repository.PathOf("samples", "woocommerce", name);
            Assert.True(File.Exists(shipped) && File.ReadAllText(shipped) == File.ReadAllText(Path.Combine(folder, name)),
                $"{shipped} is not {folder}/{name}: copy it");
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void It_has_200_products_and_3_000_clicks_of_regulars_and_of_guests_with_one()
    {
        Assert.Equal(SmallShop.Products, SmallShop.Items.Select(item => item.Id).Distinct().Count());
        Assert.Equal(SmallShop.Views, SmallShop.Clicks.Count);
        var views = SmallShop.Clicks.CountBy(click => click.User).Select(user => user.Value).ToArray();
        Assert.InRange(views.Length, 100, 140);
        Assert.InRange(views.Count(count => count == 1), 15, 30);
        Assert.Empty(SmallShop.Clicks.Select(click => click.Item).Except(SmallShop.Items.Select(item => item.Id)));
    }
}
