namespace ILoRA.Streaming.Tests.Model.Hostile;

/// <summary>
/// Damages a file at random: changed, removed and repeated bytes, truncation, and values that often cause errors in JSON.
/// </summary>
internal static class Mutation
{
    private static readonly string[] Trouble =
        ["1152921504606846976", "-1", "1e999", "null", "true", "\"\"", "[]", "{}", "\\ud800", "\"x\":",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", ",", "99999999999999999999", "0.5", "\0"];

    public static byte[] Of(byte[] file, Random random)
    {
        var damaged = file.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
            Damage(damaged, random);
        return [.. damaged];
    }

    private static void Damage(List<byte> file, Random random)
    {
        // Half of the changes are at the start of the file, where headers are.
        var at = random.Next(random.Next(2) == 0 ? Math.Min(file.Count, 2000) : file.Count);
        var length = Math.Min(random.Next(1, 40), file.Count - at);
        switch (random.Next(5))
        {
            case 0:
                file[at] = (byte)random.Next(256);
                break;
            case 1:
                file.RemoveRange(at, length);
                break;
            case 2:
                file.InsertRange(at, file.GetRange(at, length));
                break;
            case 3:
                file.RemoveRange(at, file.Count - at);
                break;
            default:
                file.RemoveRange(at, Math.Min(length, 4));
                file.InsertRange(at, Trouble[random.Next(Trouble.Length)].Select(character => (byte)character));
                break;
        }
        if (file.Count == 0)
            file.Add(0);
    }
}
