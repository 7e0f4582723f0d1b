namespace ILoRA.Streaming.Sequences;

/// <summary>
/// The one script: runs unchanged on Redis 7 (Lua 5.1) and Garnet (Lua 5.4), so it formats no number and compares strings for equality
/// only.
/// </summary>
internal static class SequenceScript
{
    /// <summary>The reply's first element when the store lost data; nothing was written then.</summary>
    public const long Lost = 0;

    /// <summary>
    /// KEYS: P progress keys, then users. ARGV: P, expiry in s, P x (epoch, expected, next), users x (expected fence bytes, new value).
    /// Replies the 1-based numbers of users whose stored fence is another one (someone else wrote), or 0 when a progress key is older than
    /// expected.
    /// </summary>
    public const string Apply = """
        local partitions = tonumber(ARGV[1])
        local ahead = {}
        for i = 1, partitions do
          local stored = redis.call('GET', KEYS[i])
          local epoch, at = string.match(stored or '', '^(%d+) (%d+)$')
          if epoch ~= ARGV[3 * i] or tonumber(at) < tonumber(ARGV[3 * i + 1]) then return {0} end
          ahead[i] = tonumber(at) >= tonumber(ARGV[3 * i + 2])
        end
        local conflicts = {}
        local arg = 3 + 3 * partitions
        for i = partitions + 1, #KEYS do
          if redis.call('GETRANGE', KEYS[i], 4, 23) == ARGV[arg] then
            redis.call('SET', KEYS[i], ARGV[arg + 1], 'EX', ARGV[2])
          else
            conflicts[#conflicts + 1] = i - partitions
          end
          arg = arg + 2
        end
        for i = 1, partitions do
          if not ahead[i] then redis.call('SET', KEYS[i], ARGV[3 * i] .. ' ' .. ARGV[3 * i + 2]) end
        end
        return conflicts
        """;
}
