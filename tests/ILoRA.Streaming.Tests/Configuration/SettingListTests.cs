using ILoRA.Streaming.Configuration;
using ILoRA.Streaming.TestKit;

namespace ILoRA.Streaming.Tests.Configuration;

/// <summary>All settings are in <c>tests/approved/settings.txt</c>; ILORA_APPROVE=1 writes it anew.</summary>
public sealed class SettingListTests
{
    [Fact]
    public void The_settings_are_the_approved_ones()
    {
        var text =
            string.Concat(AllSettings.Sections.SelectMany(SettingNames.Of).Order(StringComparer.Ordinal).Select(name => $"{name}\n"));

        Assert.Equal(text, Approved.Read(Approved.PathOf("settings.txt"), text));
    }
}
