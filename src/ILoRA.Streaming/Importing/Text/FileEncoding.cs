using System.Text;

namespace ILoRA.Streaming.Importing.Text;

/// <summary>Finds out how a file's text is encoded, and refuses bytes that are not of that encoding.</summary>
public static class FileEncoding
{
    private const int BlockBytes = 1 << 16;
    private static readonly Encoding[] Marked = [Encoding.UTF32, Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    /// <summary>Names that people write and that are not registered.</summary>
    private static readonly Dictionary<string, Encoding> Informal = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = Encoding.UTF8,
        ["latin-1"] = Encoding.Latin1,
        ["cp1252"] = CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
    };

    /// <summary>Takes registered names, those of the Windows code pages among them.</summary>
    public static bool TryParse(string name, out Encoding encoding)
    {
        encoding = Encoding.UTF8;
        try
        {
            encoding = Informal.GetValueOrDefault(name)
                ?? CodePagesEncodingProvider.Instance.GetEncoding(name)
                ?? Encoding.GetEncoding(name);
            return true;
        }
        catch (ArgumentException)
        {
            // There is no other way to ask whether a name is known.
            return false;
        }
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wanted">Null goes by the byte order mark, else it is UTF-8.</param>
    /// <param name="otherwise">What a file of this format that is not UTF-8 is in, unless most of it is; null refuses it.</param>
    /// <param name="stop">Ends the reading by an exception.</param>
    /// <exception cref="InvalidDataException">A byte is not of the encoding; names the line.</exception>
    internal static Encoding Of(FileExtent file, Encoding? wanted, Encoding? otherwise = null, CancellationToken stop = default)
    {
        var name = file.Name;
        using var bytes = TextSource.OpenBytes(file);
        var block = new byte[BlockBytes];
        var read = bytes.ReadAtLeast(block, 8, throwOnEndOfStream: false);
        if (NotText(block.AsSpan(0, read)) is { } kind)
            throw new InvalidDataException($"{name}: {kind}.");
        var marked = Marked.FirstOrDefault(each => block.AsSpan(0, read).StartsWith(each.GetPreamble()));
        if (marked is not null && wanted is not null && !Confirms(marked, wanted))
            throw new InvalidDataException(
                $"{name}: begins with the byte order mark of {marked.WebName}, which is not {wanted.WebName}; leave out --encoding.");
        var encoding = Strict(marked ?? wanted ?? Encoding.UTF8);
        if (FirstInvalid(bytes, encoding, block, read, stop) is not { } invalid)
            return encoding;
        var isMostlyUtf8 = wanted is null && otherwise is not null && Utf8Share.IsMost(file, stop);
        if (wanted is null && marked is null && otherwise is not null && !isMostlyUtf8)
            return otherwise;
        var example = invalid.Value == 0 ? "utf-16" : "windows-1252 or --encoding latin1";
        var remedy = marked is not null ? ", as the file's byte order mark says it is; write the file anew in one encoding"
            : isMostlyUtf8 ? ", as the rest of the file is; mend that line"
            : $"; give the file's encoding, e.g. --encoding {example}";
        throw new InvalidDataException($"{name}:{invalid.Line}: byte 0x{invalid.Value:X2} is not {encoding.WebName}{remedy}.");
    }

    /// <summary>People mean both orders of bytes by UTF-16: the mark tells which it is.</summary>
    private static bool Confirms(Encoding marked, Encoding wanted)
        => marked.CodePage == wanted.CodePage
            || (wanted.CodePage == Encoding.Unicode.CodePage && marked.CodePage == Encoding.BigEndianUnicode.CodePage);

    /// <summary>What the first bytes say that the file is, with the remedy; null where they may be text.</summary>
    private static string? NotText(ReadOnlySpan<byte> first) => first switch
    {
        [0x50, 0x4B, 0x03, 0x04, ..] => "is an Excel workbook (.xlsx) or a zip archive, not text; save it as CSV",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "is an Excel workbook (.xls), not text; save it as CSV",
        // The first block's header follows: a text that begins so goes on with a letter or a separator.
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n'), ..]
            => "is a Parquet file, not text; export it as CSV or JSON Lines",
        [0x1F, 0x8B, ..] => "is packed by gzip; end its name in .gz, or unpack it",
        _ => null,
    };

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static (long Line, byte Value)? FirstInvalid(Stream bytes, Encoding encoding, byte[] block, int read, CancellationToken stop)
    {
        var (lines, chars, decoder) = (1L, new char[encoding.GetMaxCharCount(BlockBytes)], encoding.GetDecoder());
        // Text has no NUL; UTF-16 read as UTF-8 has one in every other byte.
        var holdsNul = encoding.GetByteCount("x") > 1;
        for (; read > 0; read = bytes.Read(block))
        {
            stop.ThrowIfCancellationRequested();
            var text = block.AsSpan(0, read);
            if (!holdsNul && text.IndexOf((byte)0) is >= 0 and var nul)
                return (lines + text[..nul].Count((byte)'\n'), 0);
            if (Invalid(decoder, text, chars, flush: false) is { } found)
                return (lines + text[..found.At].Count((byte)'\n'), found.Value);
            lines += text.Count((byte)'\n');
        }
        return Invalid(decoder, [], chars, flush: true) is { } cut ? (lines, cut.Value) : null;
    }

    private static (int At, byte Value)? Invalid(Decoder decoder, ReadOnlySpan<byte> text, char[] chars, bool flush)
    {
        try
        {
            decoder.GetChars(text, chars, flush);
            return null;
        }
        catch (DecoderFallbackException invalid)
        {
            // A negative index is in the block before: a sequence that this block does not end.
            return (Math.Clamp(invalid.Index, 0, text.Length), invalid.BytesUnknown is [var first, ..] ? first : (byte)0);
        }
    }
}
