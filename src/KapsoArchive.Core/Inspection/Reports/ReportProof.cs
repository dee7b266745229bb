using KapsoArchive.Core.Pages;

namespace KapsoArchive.Core.Inspection.Reports;

/// <summary>The end of a report: the run's files with their hashes, and the chain from its manifest to the one before it.</summary>
internal sealed class ReportProof(HtmlWriter html, Manifest manifest, string? sha256, ChainLink previous)
{
    private const int MostListed = 1000;

    public void Write()
    {
        html.Element("h2", null, "Files");
        DataTable.Write(
            html,
            "Files of the run",
            [("File, and its SHA-256", "fold"), ("Rows", "number"), ("Bytes", "number"), ("Messages of", "number")],
            manifest.Files.OrderBy(f => f.Dataset == Datasets.MediaFiles).Take(MostListed)
                .Select(f => (IReadOnlyList<string?>)[$"{f.Path}{DataTable.Below}{f.Sha256}", Number(f.Rows), Number(f.Bytes), Days(f)]));
        if (manifest.Files.Count > MostListed)
            html.Element("p", "muted", string.Create(
                CultureInfo.InvariantCulture, $"… and {manifest.Files.Count - MostListed:N0} more: see \"files\" in the manifest."));
        html.Constant("<p>The hashes are from the manifest. To check the files against them: ");
        html.Element("code", null, $"kapso-archive verify --run {manifest.RunId}");
        html.Constant("</p>\n");
        Chain();
    }

    private void Chain()
    {
        html.Element("h2", null, "The chain");
        using (html.Element("p"))
        {
            (BadgeTone tone, string word, string sentence) = previous switch
            {
                ChainLink.First => (BadgeTone.Plain, "First", "No run was committed before this one."),
                ChainLink.Holds => (BadgeTone.Good, "Holds",
                    "The previous manifest has the hash that this one records: neither was changed since."),
                ChainLink.Differs => (BadgeTone.Bad, "Broken",
                    "The previous manifest does not have the hash that this one records: one of them was changed."),
                _ => (BadgeTone.Bad, "Broken", "The previous manifest is missing."),
            };
            Badge.Write(html, tone, word);
            html.Text(sentence);
        }

        FactList.Write(
            html,
            "facts",
            ("This manifest", Layout.Manifest(manifest.RunId)),
            ("Its SHA-256", sha256),
            ("Previous run", manifest.Previous?.RunId),
            ("Its SHA-256, as this run saw it", manifest.Previous?.ManifestSha256));
    }

    private static string Days(ManifestFile file) =>
        file is { MinCreatedAt: { } first, MaxCreatedAt: { } last } ? $"{Day(first)} – {Day(last)}" : "–";

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>The state of a manifest's reference to the one before it.</summary>
internal enum ChainLink
{
    /// <summary>This is the first run.</summary>
    First,

    /// <summary>The manifest before it has the stated hash.</summary>
    Holds,

    /// <summary>It has a different hash.</summary>
    Differs,

    /// <summary>It is missing.</summary>
    Missing,
}
