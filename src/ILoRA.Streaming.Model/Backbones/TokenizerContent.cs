namespace ILoRA.Streaming.Model.Backbones;

/// <summary>A tokenizer as the file that holds it in a Hugging Face folder.</summary>
/// <param name="Name"><c>tokenizer.json</c> or <c>tokenizer.model</c>.</param>
/// <param name="Bytes">The whole file.</param>
internal sealed record TokenizerContent(string Name, byte[] Bytes)
{
    public const string Json = "tokenizer.json";
    public const string SentencePiece = "tokenizer.model";

    private const int MaxBytes = 64 << 20;

    /// <summary>The folder's tokenizer.json, else its tokenizer.model.</summary>
    /// <exception cref="InvalidDataException">It has neither, or one too large.</exception>
    public static TokenizerContent Of(string folder)
    {
        var name = File.Exists(Path.Combine(folder, Json)) ? Json : SentencePiece;
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            throw new InvalidDataException($"{folder} has neither {Json} nor {SentencePiece}; a backbone needs its tokenizer.");
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"{file.FullName} has {file.Length} bytes; a tokenizer has at most {MaxBytes}.");
        return new TokenizerContent(name, File.ReadAllBytes(file.FullName));
    }

    /// <param name="source">What to call the content in messages.</param>
    /// <exception cref="InvalidDataException">It is broken or of an unsupported kind.</exception>
    public TextTokenizer Read(string source) => Name == Json ? TokenizerFile.Read(this, source) : SentencePieceFile.Read(this, source);
}
