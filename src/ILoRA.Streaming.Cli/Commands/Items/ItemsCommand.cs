using System.CommandLine;

namespace ILoRA.Streaming.Cli.Commands.Items;

/// <summary><c>ilora items</c></summary>
internal static class ItemsCommand
{
    public static Command Create() => new("items", "Send the catalogue") { ItemsImport.Create() };
}
