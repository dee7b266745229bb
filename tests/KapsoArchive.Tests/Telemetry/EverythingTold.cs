using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>
/// Hears all that is told below one span: every log record of every category and level, every span of every source, and every measurement of every meter (these of the whole process). What is told
/// is kept as text, with all that belongs to it.
/// </summary>
internal sealed class EverythingTold : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Origin, string Text)> _told = new();
    private readonly ActivitySource _source = new("tests");
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();
    private readonly Activity _root;

    public EverythingTold()
    {
        ActivityTraceId trace = default;
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Source == _source || options.Parent.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                    _told.Enqueue(($"{span.Source.Name}: {span.DisplayName}", TextOf(span)));
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _root = _source.StartActivity("test")!;
        trace = _root.TraceId;

        _metrics.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _metrics.Start();
    }

    /// <summary>Where something was told from: a log's category, a source with a span's name, a meter with an instrument's.</summary>
    public IReadOnlySet<string> Origins => _told.Select(t => t.Origin).ToHashSet();

    public IEnumerable<string> Texts
    {
        get
        {
            _metrics.RecordObservableInstruments();
            return _told.Select(t => $"{t.Origin}: {t.Text}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

    public void Dispose()
    {
        _root.Dispose();
        _spans.Dispose();
        _metrics.Dispose();
        _source.Dispose();
    }

    private static string TextOf(Activity span) => string.Join(
        ' ',
        [
            span.DisplayName, span.OperationName, span.StatusDescription, span.TraceStateString,
            .. span.TagObjects.Select(Pair),
            .. span.Baggage.Select(pair => $"{pair.Key}={pair.Value}"),
            .. span.Events.SelectMany(e => e.Tags.Select(Pair).Prepend(e.Name)),
            .. span.Links.SelectMany(link => (link.Tags ?? []).Select(Pair)),
        ]);

    private static string Pair(KeyValuePair<string, object?> pair) => $"{pair.Key}={Convert.ToString(pair.Value, CultureInfo.InvariantCulture)}";

    private void Measured(Instrument instrument, IFormattable value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _told.Enqueue(($"{instrument.Meter.Name}: {instrument.Name}", $"{value.ToString(null, CultureInfo.InvariantCulture)} {string.Join(' ', tags.ToArray().Select(Pair))}"));

    private sealed class Ear(EverythingTold everything, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Hear(state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            everything._told.Enqueue((category, $"{eventId.Name} {formatter(state, exception)} {exception}"));
            Hear(state);
        }

        private void Hear(object? state)
        {
            string text = state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(Pair)) : $"{state}";
            everything._told.Enqueue((category, text));
        }
    }
}
