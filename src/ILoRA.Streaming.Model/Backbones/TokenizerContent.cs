namespace ILoRA.Streaming.Model.Backbones;

/// <summary>The file that defines a tokenizer in a Hugging Face folder.</summary>
/// <param name="Name"><c>tokenizer.json</c> or <c>tokenizer.model</c>.</param>
/// <param name="Bytes">The whole file.</param>
internal sealed record TokenizerContent(string Name, byte[] Bytes)
{
    public const string Json = "tokenizer.json";
    public const string SentencePiece = "tokenizer.model";

    private const int MaxBytes = 64 << 20;

    /// <summary>Reads a folder's tokenizer.json, or its tokenizer.model where there is none.</summary>
    /// <exception cref="InvalidDataException">The folder has neither, or the file is too large.</exception>
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

    /// <summary>Builds the tokenizer.</summary>
    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="InvalidDataException">The file is broken or of an unsupported kind.</exception>
    public TextTokenizer Read(string source) => Name == Json ? TokenizerFile.Read(this, source) : SentencePieceFile.Read(this, source);
}
