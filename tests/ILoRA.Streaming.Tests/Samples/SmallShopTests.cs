using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Samples;

public sealed class SmallShopTests
{
    /// <summary>Where the files differ, the generated ones are kept in a temporary folder, to be copied.</summary>
    [Fact]
    public void The_shipped_files_equal_the_generated_ones()
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
    public void The_shop_has_200_products_and_3_000_clicks_and_some_users_with_one_click()
    {
        Assert.Equal(SmallShop.Products, SmallShop.Items.Select(item => item.Id).Distinct().Count());
        Assert.Equal(SmallShop.Views, SmallShop.Clicks.Count);
        var views = SmallShop.Clicks.CountBy(click => click.User).Select(user => user.Value).ToArray();
        Assert.InRange(views.Length, 100, 140);
        Assert.InRange(views.Count(count => count == 1), 15, 30);
        Assert.Empty(SmallShop.Clicks.Select(click => click.Item).Except(SmallShop.Items.Select(item => item.Id)));
    }
}
