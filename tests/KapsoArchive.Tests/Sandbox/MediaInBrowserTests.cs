using KapsoArchive.Sandbox;
using KapsoArchive.Tests.Browser;
using KapsoArchive.Tests.Infrastructure;

namespace KapsoArchive.Tests.Sandbox;

/// <summary>The sandbox's files in a real browser: pictures are decoded, sounds and films have a duration.</summary>
public sealed class MediaInBrowserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_browser_shows_and_plays_the_files(long bytes)
    {
        await using var sandbox = await SandboxServer.StartAsync(new() { Media = new() { Bytes = bytes, Duplicates = 0 } }, cancellationToken: Cancellation);
        using var folder = new TemporaryFolder();
        string page = Path.Combine(folder.Path, "media.html");
        string[] names = ["a.jpeg", "b.jpeg", "a.png", "b.png", "a.webp", "b.webp", "a.ogg", "a.mp3", "a.mp4", "a.pdf"];
        using var http = new HttpClient();
        foreach (string name in names)
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, name), await http.GetByteArrayAsync(sandbox.Media!.LinkOf(name, name), Cancellation), Cancellation);
        await File.WriteAllTextAsync(page, Page(names), Cancellation);

        var visits = await Chromium.VisitAsync(
            [BrowserPage.File($"sandbox-media-{bytes}", page) with { Steps = [BrowserStep.Awaiting("#done")] }], Cancellation);

        foreach (var visit in visits)
        {
            string[] seen = [.. visit.Text.Split('\n').Where(line => line.StartsWith("seen ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            seen.ShouldBe(
                [
                    "seen a.jpeg 256 x 160", "seen a.mp3 plays", "seen a.mp4 128 x 80 plays", "seen a.ogg plays", "seen a.png 256 x 160", "seen a.webp 256 x 160",
                    "seen b.jpeg 256 x 160", "seen b.png 256 x 160", "seen b.webp 256 x 160",
                ],
                visit.Text);
        }
    }

    private static string Page(IEnumerable<string> files) => $$"""
        <!doctype html><html lang="en"><title>Media</title><main><h1>Media</h1>
        {{string.Concat(files.Select(file => file[^3..] switch
        {
            "peg" or "png" or "ebp" => $"<img data-name={file} src={file} alt={file}>",
            "ogg" or "mp3" => $"<audio controls preload=auto data-name={file} src={file}></audio>",
            "mp4" => $"<video controls preload=auto width=256 data-name={file} src={file}></video>",
            _ => "",
        }))}}
        <pre id=log></pre></main>
        <script>
        const say = text => { log.textContent += 'seen ' + text + '\n' }
        const of = (media, test) => new Promise(resolve => {
          const check = () => { if (test()) resolve() }
          media.addEventListener('loadedmetadata', check); media.addEventListener('canplaythrough', check)
          media.addEventListener('error', () => { say(media.dataset.name + ' fails: ' + media.error?.message); resolve() })
          check()
        })
        addEventListener('load', async () => {
          for (const image of document.images) say(`${image.dataset.name} ${image.naturalWidth} x ${image.naturalHeight}`)
          for (const media of document.querySelectorAll('audio, video')) {
            await of(media, () => media.readyState >= 2)
            if (!media.error) say(media.dataset.name + (media.videoWidth ? ` ${media.videoWidth} x ${media.videoHeight}` : '') + (media.duration > 0.5 && media.duration < 60 ? ' plays' : ' lasts ' + media.duration))
          }
          document.body.append(Object.assign(document.createElement('p'), { id: 'done', textContent: 'done' }))
        })
        </script>
        </html>
        """;
}
