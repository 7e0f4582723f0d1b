using System.Globalization;

namespace ILoRA.Streaming.Training.Trials;

/// <summary>Hits in the top 10 by line, on the same events.</summary>
public sealed class OnlineTrialResult
{
    public int Events { get; private set; }
    public int Versions { get; internal set; }
    public double Online => Rate(online);
    public double Frozen => Rate(frozen);
    public double Encoder => Rate(encoder);
    public double Popular => Rate(popular);

    /// <summary>The shipped encoder alone.</summary>
    public double FrozenEncoder => Rate(frozenEncoder);

    /// <summary>The online score without the language model's term.</summary>
    public double NoModel => Rate(noModel);

    /// <summary>The shipped score without the language model's term.</summary>
    public double FrozenNoModel => Rate(frozenNoModel);

    private int online;
    private int frozen;
    private int encoder;
    private int popular;
    private int frozenEncoder;
    private int noModel;
    private int frozenNoModel;

    internal void Add(string user, bool online, bool frozen, bool encoder, bool popular, bool frozenEncoder, bool noModel, bool frozenNoModel)
    {
        _ = user;
        Events++;
        this.online += online ? 1 : 0;
        this.frozen += frozen ? 1 : 0;
        this.encoder += encoder ? 1 : 0;
        this.popular += popular ? 1 : 0;
        this.noModel += noModel ? 1 : 0;
        this.frozenNoModel += frozenNoModel ? 1 : 0;
        this.frozenEncoder += frozenEncoder ? 1 : 0;
    }

    private double Rate(int hits) => Events == 0 ? 0 : (double)hits / Events;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Events} events: online {Online:F4}, frozen {Frozen:F4}, encoder {Encoder:F4}, popular {Popular:F4}, frozen encoder {FrozenEncoder:F4}, no model {NoModel:F4}, frozen no model {FrozenNoModel:F4}; online / frozen {Online / Math.Max(Frozen, 1e-9) - 1:P1}");
}
