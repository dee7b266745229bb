using System.Diagnostics;

namespace KapsoArchive.Telemetry;

/// <summary>Samples every trace except single requests without a parent, such as polling an empty queue or renewing a lock.</summary>
internal sealed class WorkSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
}
