using System.Globalization;

namespace ILoRA.Streaming.TestKit;

/// <summary>
/// A synthetic coffee and kitchen shop on WooCommerce: 200 products in 10 categories, 3,000 views of 128 visitors over 90 days. Visitors
/// have favourite categories, visits mostly stay in a category, and some products follow certain others, so that the history predicts the
/// next view better than popularity. About one visitor in six has a single view. The data are the same in every run.
/// </summary>
public static class SmallShop
{
    public const int Products = 200, Views = 3_000;

    private const int PerCategory = 20, Regulars = 110, Passers = 20;
    private static readonly DateTimeOffset Opening = new(2025, 3, 1, 7, 0, 0, TimeSpan.Zero);
    private static readonly string[] Makers = ["Alba", "Brisa", "Corvo", "Delta", "Ebba"];

    private static readonly (string Category, string[] Kinds)[] Catalogue =
    [
        ("Coffee", ["Ethiopia Whole Beans 500 g", "Colombia Ground Coffee 250 g", "Espresso Roast Beans 1 kg", "Decaf House Blend 500 g"]),
        ("Tea", ["Earl Grey Loose Leaf 100 g", "Japanese Sencha Tin", "Rooibos Vanilla Tea Bags", "Peppermint Herbal Tea"]),
        ("Grinders", ["Hand Coffee Grinder", "Electric Burr Grinder", "Espresso Grinder Pro", "Spice and Coffee Mill"]),
        ("Brewers", ["Ceramic Pour Over Dripper", "French Press 1 l", "Moka Pot 6 Cups", "Cold Brew Carafe"]),
        ("Filters", ["Paper Filters No. 4, 100 pcs", "Steel Mesh Filter", "Organic Cotton Filter Bags", "Tea Filter Bags Large"]),
        ("Kettles", ["Gooseneck Kettle 1 l", "Electric Kettle with Thermometer", "Stovetop Whistling Kettle", "Travel Kettle Foldable"]),
        ("Cups", ["Espresso Cup Set of 4", "Stoneware Mug Blue", "Double Wall Glass 250 ml", "Travel Mug Stainless Steel"]),
        ("Chocolate", ["Dark Chocolate 70 % Bar", "Hazelnut Milk Chocolate", "Drinking Chocolate Flakes", "Cocoa Powder Organic"]),
        ("Baking", ["Madeleine Tray Non-stick", "Silicone Muffin Moulds", "Bread Proving Basket", "Biscuit Cutter Set"]),
        ("Cleaning", ["Descaling Tablets, 10 pcs", "Grinder Cleaning Pellets", "Bottle Brush Set", "Espresso Machine Cleaner"]),
    ];

    // The category that follows each category where a visit moves on: grinders after coffee, filters after tea and so on.
    private static readonly int[] GoesOnTo = [2, 4, 9, 4, 3, 6, 7, 8, 7, 0];

    /// <summary>The products; their ids have gaps and do not start at 1, as post ids of WooCommerce.</summary>
    public static IReadOnlyList<(string Id, string Title, string Category)> Items { get; } =
        [.. Enumerable.Range(0, Products).Select(Product)];

    /// <summary>The views, in the order of time.</summary>
    public static IReadOnlyList<(string User, string Item, DateTimeOffset Time)> Clicks { get; } = Draw(new Random(7));

    /// <summary>Writes the products in the format of WooCommerce's export (Products, Export), with its first columns.</summary>
    public static void WriteProducts(string path) => File.WriteAllLines(path,
    [
        "ID,Type,SKU,Name,Published,\"Is featured?\",\"Visibility in catalog\",\"Short description\",\"Regular price\",Categories",
        .. Items.Select((item, at) => string.Create(CultureInfo.InvariantCulture, $"{item.Id},simple,KB-{1000 + at},\"{item.Title}\",1,")
            + $"{(at % 17 == 0 ? 1 : 0)},visible,\"{item.Title}, from our own stock\",{4 + at * 37 % 90}.90,\"Shop > {item.Category}\""),
    ]);

    /// <summary>Writes ids and titles, tab-separated.</summary>
    public static void WriteTitles(string path) => File.WriteAllLines(path, Items.Select(item => $"{item.Id}\t{item.Title}"));

    /// <summary>Writes the views in the format of the query in docs/your-own-shop.md.</summary>
    public static void WriteClicks(string path) => File.WriteAllLines(path,
        Clicks.Select(click => string.Create(CultureInfo.InvariantCulture, $"{click.User},{click.Item},{click.Time:yyyy-MM-dd HH:mm:ss}"))
            .Prepend("user,item,time"));

    private static (string Id, string Title, string Category) Product(int at)
    {
        var (category, kinds) = Catalogue[at / PerCategory];
        var number = at % PerCategory;
        return (string.Create(CultureInfo.InvariantCulture, $"{1200 + at * 3 + at % 5}"),
            $"{Makers[number / kinds.Length]} {kinds[number % kinds.Length]}", category);
    }

    private static (string, string, DateTimeOffset)[] Draw(Random random)
    {
        var clicks = new List<(string User, string Item, DateTimeOffset Time)>();
        foreach (var passer in Enumerable.Range(0, Passers))
            clicks.Add(($"guest-{passer + 1}", Items[Popular(random, random.Next(Catalogue.Length))].Id,
                Opening.AddMinutes(random.Next(90 * 24 * 60))));
        while (clicks.Count < Views)
        {
            // A few users visit often, most users rarely.
            var user = (int)(Regulars * Math.Pow(random.NextDouble(), 1.5));
            Visit(clicks, user, random);
        }
        return [.. clicks.Take(Views).OrderBy(click => click.Time).ThenBy(click => click.User, StringComparer.Ordinal)];
    }

    private static void Visit(List<(string, string, DateTimeOffset)> clicks, int user, Random random)
    {
        var time = Opening.AddMinutes(random.Next(90 * 24 * 60));
        var taste = random.NextDouble() < 0.8 ? user * 7 % Catalogue.Length : random.Next(Catalogue.Length);
        var product = Popular(random, taste);
        foreach (var _ in Enumerable.Range(0, 2 + random.Next(7)))
        {
            clicks.Add(($"{101 + user}", Items[product].Id, time));
            time = time.AddSeconds(20 + random.Next(160));
            product = Next(product, random);
        }
    }

    private static int Next(int product, Random random) => (random.NextDouble(), product / PerCategory, product % PerCategory) switch
    {
        // A related product of the same category; a popular one of it; or the product with the same number in the following category.
        ( < 0.40, var category, var number) => category * PerCategory + (number * 3 + 1) % PerCategory,
        ( < 0.65, var category, _) => Popular(random, category),
        ( < 0.92, var category, var number) => GoesOnTo[category] * PerCategory + number,
        _ => random.Next(Products),
    };

    /// <summary>Draws a product of a category; the first ones are drawn more often.</summary>
    private static int Popular(Random random, int category) =>
        category * PerCategory + (int)(PerCategory * Math.Pow(random.NextDouble(), 2));
}
