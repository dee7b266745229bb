namespace KapsoArchive.Tests.Telemetry;

/// <summary>One value of a metric as it came over OTLP; of a histogram, the sum.</summary>
internal sealed record OtlpPoint(string Scope, string Metric, string Unit, double Value, IReadOnlyDictionary<string, string> Attributes)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    public static IEnumerable<OtlpPoint> Of(string scope, ProtobufMessage metric)
    {
        foreach (ProtobufMessage point in metric.Messages(Gauge).Concat(metric.Messages(Sum)).SelectMany(data => data.Messages(1)))
            yield return new OtlpPoint(scope, metric.Text(1), metric.Text(3), point.Has(4) ? point.Double(4) : (long)point.Number(6), OtlpAttributes.Of(point.Messages(7)));
        foreach (ProtobufMessage point in metric.Messages(Histogram).SelectMany(data => data.Messages(1)))
            yield return new OtlpPoint(scope, metric.Text(1), metric.Text(3), point.Double(5), OtlpAttributes.Of(point.Messages(9)));
    }
}
