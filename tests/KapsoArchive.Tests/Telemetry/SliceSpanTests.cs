using System.Collections.Concurrent;
using System.Diagnostics;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Storage.Folders;
using KapsoArchive.Core.Telemetry;
using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Infrastructure;
using KapsoArchive.Tests.Runs;

namespace KapsoArchive.Tests.Telemetry;

/// <summary>A run that was interrupted, and is finished by another process.</summary>
public sealed class SliceSpanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<Activity> _runs = new();
    private readonly ActivityListener _listener;

    public SliceSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ArchiveTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Name == SpanNames.Run ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = _runs.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_slice_is_a_span_linked_to_the_previous_one()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 300, Messages = 3_000 }, cancellationToken: TestContext.Current.CancellationToken);
        string middle = sandbox.Data.Conversations.OrderBy(c => c.Id, StringComparer.Ordinal).ElementAt(200).Id;
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        sandbox.Listings.Moving(middle).After(0, _ => interrupt.Cancel());
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        await Should.ThrowAsync<OperationCanceledException>(() => harness.RunAsync(interrupt.Token));

        await using var next = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path));
        await next.RunAsync();

        Activity[] slices = [.. _runs.Where(run => Equals(run.GetTagItem(AttributeNames.RunId), harness.Tracker.RunId))];
        slices.Select(s => (s.GetTagItem(AttributeNames.RunStatus), s.GetTagItem(AttributeNames.RunResumed))).ShouldBe([("Interrupted", false), ("Succeeded", true)]);
        slices.Select(s => s.Status).ShouldAllBe(status => status == ActivityStatusCode.Unset);
        slices[0].Links.ShouldBeEmpty();
        slices[1].Links.ShouldHaveSingleItem().Context.SpanId.ShouldBe(slices[0].SpanId);
        slices[1].TraceId.ShouldNotBe(slices[0].TraceId);
    }

    [Fact]
    public async Task A_refused_key_is_recorded_by_error_type_without_its_message()
    {
        await using SandboxServer sandbox = await SandboxServer.StartAsync(new SandboxOptions { Conversations = 2, Messages = 60 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new RunHarness(sandbox.BaseUrl, new FolderStore(_folder.Path), key: "nobody-knows-this-key");
        await Should.ThrowAsync<KeyRefusedException>(() => harness.RunAsync());

        Activity run = _runs.Where(r => Equals(r.GetTagItem(AttributeNames.RunId), harness.Tracker.RunId)).ShouldHaveSingleItem();
        (run.Status, run.StatusDescription).ShouldBe((ActivityStatusCode.Error, null));
        (run.GetTagItem(AttributeNames.RunStatus), run.GetTagItem(AttributeNames.ErrorType)).ShouldBe(("Failed", "KapsoArchive.Core.Kapso.KeyRefusedException"));
        run.Events.ShouldBeEmpty();
    }
}
