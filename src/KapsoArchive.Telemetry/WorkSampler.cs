using System.Diagnostics;
using OpenTelemetry.Trace;

namespace KapsoArchive.Telemetry;

/// <summary>Takes every trace but those that are one request of nobody's: a look into an empty queue, the renewal of a lock.</summary>
internal sealed class WorkSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
}
