namespace ILoRA.Streaming.Training.Samples;

/// <summary>
/// The hold-out split by users: every n-th user of a file is held out, with n = 1 / share, so that the held-out users are spread over the
/// file and every fit with the same share holds out the same ones.
/// </summary>
public static class HeldOut
{
    /// <summary>Whether a user is held out.</summary>
    /// <param name="user">The index of the user's sequence in the file, from 0.</param>
    /// <param name="share">The share of users to hold out, 0 to 0.5; 0 holds out none.</param>
    public static bool Contains(int user, double share)
    {
        if (share <= 0)
            return false;
        var every = Math.Max(2, (int)Math.Round(1 / share));
        return user % every == every - 1;
    }
}
