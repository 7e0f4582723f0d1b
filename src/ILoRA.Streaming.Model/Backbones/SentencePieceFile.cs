using System.Globalization;
using System.Text;
using Google.Protobuf;
using ILoRA.Streaming.Model.Backbones.SentencePiece;
using Microsoft.ML.Tokenizers;
using Kind = ILoRA.Streaming.Model.Backbones.SentencePiece.ModelProto.Types.SentencePiece.Types.Type;

namespace ILoRA.Streaming.Model.Backbones;

/// <summary>
/// Reads and writes a SentencePiece <c>tokenizer.model</c> of type BPE (Llama 2, Mistral). In its pieces a space is U+2581.
/// </summary>
internal static class SentencePieceFile
{
    private const char Space = '\u2581';
    private const int MaxPieces = 1 << 20;

    /// <exception cref="InvalidDataException">The model is broken or of an unsupported kind.</exception>
    public static TextTokenizer Read(TokenizerContent content, string source)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(content.Bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{source} is not a SentencePiece model: {error.Message}", error);
        }
        return Build(model, content, source);
    }

    /// <summary>Builds a tokenizer.model.</summary>
    /// <param name="pieces">In the order of their ids.</param>
    /// <param name="prefix">Whether encoding puts a space before a text.</param>
    public static TokenizerContent Write(IEnumerable<(string Text, float Score, int Kind)> pieces, bool prefix)
    {
        var model = new ModelProto
        {
            TrainerSpec = new TrainerSpec { ModelType = TrainerSpec.Types.ModelType.Bpe, ByteFallback = true },
            NormalizerSpec =
                new NormalizerSpec { Name = "identity", AddDummyPrefix = prefix, RemoveExtraWhitespaces = false, EscapeWhitespaces = true },
        };
        model.Pieces.AddRange(
            pieces.Select(
                piece => new ModelProto.Types.SentencePiece { Piece = piece.Text, Score = piece.Score, Type = (Kind)piece.Kind }));
        model.TrainerSpec.UnkId =
            model.Pieces.TakeWhile(piece => piece.Type != Kind.Unknown).Count() is var unknown && unknown < model.Pieces.Count
                ? unknown : 0;
        return new TokenizerContent(TokenizerContent.SentencePiece, model.ToByteArray());
    }

    private static TextTokenizer Build(ModelProto model, TokenizerContent content, string source)
    {
        Check(model, source);
        var prefix = model.NormalizerSpec?.AddDummyPrefix ?? true;
        // The tokenizer gets a model of the checked fields only, so that no other field of the file changes how it works.
        var checkedModel = Write(model.Pieces.Select(piece => (piece.Piece, piece.Score, (int)piece.Type)), prefix);
        using var stream = new MemoryStream(checkedModel.Bytes);
        var tokenizer = LlamaTokenizer.Create(stream, addBeginOfSentence: false, addEndOfSentence: false);
        var special =
            model.Pieces.Index().Where(piece => piece.Item.Type is Kind.Control or Kind.UserDefined)
                .ToDictionary(piece => piece.Item.Piece, piece => piece.Index, StringComparer.Ordinal);
        var bytes = model.Pieces.Index().ToDictionary(piece => piece.Index, piece => Bytes(piece.Item));
        return new TextTokenizer(text => tokenizer.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false), special,
            bytes, content)
        { SpaceFirst = prefix };
    }

    private static void Check(ModelProto model, string source)
    {
        var type = model.TrainerSpec?.ModelType ?? TrainerSpec.Types.ModelType.Unigram;
        if (type != TrainerSpec.Types.ModelType.Bpe || model.TrainerSpec?.ByteFallback != true)
            throw new InvalidDataException(
                $"{source}: a SentencePiece model of "
                    + $"type {type}{(model.TrainerSpec?.ByteFallback == true ? "" : " without byte fallback")} is not supported; "
                        + "supported: BPE with byte fallback.");
        if (model.NormalizerSpec is { } normalizer
            && (normalizer.PrecompiledCharsmap.Length > 0 || normalizer.RemoveExtraWhitespaces || !normalizer.EscapeWhitespaces))
            throw new InvalidDataException(
                $"{source}: the normalizer '{normalizer.Name}' changes text; supported: identity, white space kept.");
        if (model.Pieces.Count is 0 or > MaxPieces)
            throw new InvalidDataException($"{source} has {model.Pieces.Count} pieces; expected 1 to {MaxPieces}.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, piece) in model.Pieces.Index())
            if (piece.Piece.Length == 0 || !seen.Add(piece.Piece) || !float.IsFinite(piece.Score) || !Enum.IsDefined(piece.Type))
                throw new InvalidDataException(
                    $"{source}: piece {id} '{piece.Piece}' is empty, given twice, or has the score {piece.Score} or the "
                        + $"type {piece.Type}.");
        var first = model.Pieces.TakeWhile(piece => piece.Type != Kind.Byte).Count();
        for (var value = 0; value < 256; value++)
            if (first + value >= model.Pieces.Count || model.Pieces[first + value] is not { Type: Kind.Byte } piece
                || piece.Piece != ByteName(value))
                throw new InvalidDataException($"{source}: its byte pieces are not <0x00> to <0xFF> in a row; byte fallback needs them.");
        if (model.Pieces.Count(piece => piece.Type == Kind.Unknown) != 1)
            throw new InvalidDataException($"{source}: exactly one piece must stand for the unknown.");
    }

    /// <summary>The piece for a byte, e.g. <c>&lt;0x0A&gt;</c>.</summary>
    public static string ByteName(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private static byte[] Bytes(ModelProto.Types.SentencePiece piece) => piece.Type == Kind.Byte
        ? [byte.Parse(piece.Piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)]
        : Encoding.UTF8.GetBytes(piece.Piece.Replace(Space, ' '));
}
