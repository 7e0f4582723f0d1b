namespace ILoRA.Streaming.Training.Samples;

/// <summary>Which users of a file are put aside: every n-th, where n is 1 / share, so that they are spread over the file and every fit with one share leaves out the same.</summary>
public static class HeldOut
{
    /// <param name="user">The number of the user's sequence in the file, from 0.</param>
    /// <param name="share">0 to 0.5; 0 puts none aside.</param>
    public static bool Has(int user, double share)
    {
        if (share <= 0)
            return false;
        var every = Math.Max(2, (int)Math.Round(1 / share));
        return user % every == every - 1;
    }
}
