using KapsoArchive.Core.Inspection.Verification;
using Spectre.Console;

namespace KapsoArchive.Cli;

/// <summary>Prints the result of a verification on stdout, problems first.</summary>
internal static class VerificationPrint
{
    /// <param name="what">What was verified, and its location.</param>
    public static void Print(VerificationReport report, string what)
    {
        IAnsiConsole console = Terminal.OpenReport();
        if (!report.Sound)
            console.Write(Table(report.Findings));
        VerificationCounts counts = report.Checked;
        string index = counts is { Conversations: { } conversations, Messages: { } messages }
            ? Line($" The index {(report.Sound ? "agrees" : "was compared with the parts")}: ") +
                Line($"{Quantity.Of(conversations, "conversation")}, {Quantity.Of(messages, "message")}.")
            : "";
        console.WriteLine(report.Sound
            ? Line($"The {what} is sound.")
            : Line($"{Quantity.Of(report.Findings.Count, "thing is", "things are")} wrong with the {what}."));
        console.WriteLine(
            Line($"Checked in {counts.Seconds:N1} s: {Quantity.Of(counts.Manifests, "manifest")}; ") +
            $"{Quantity.Of(counts.Files, "file is as it was written", "files are as they were written")}, " +
            $"{Quantity.Of(counts.Rows, "row")}, {Quantity.Of(counts.Bytes, "byte")}.{index}");
        foreach (string remark in report.Remarks)
            console.WriteLine(Line($"{remark}"));
    }

    /// <summary>The problems, one row each.</summary>
    public static Table Table(IReadOnlyList<Finding> findings)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("File").AddColumn("What is wrong").AddColumn("What to do");
        foreach (Finding finding in findings)
            table.AddRow(new Text(VisibleText.Line(finding.Path)).Overflow(Overflow.Fold), new Text(VisibleText.Line(finding.Problem)),
                new Text(finding.Action));
        return table;
    }

    private static string Line(FormattableString text) => VisibleText.Sentence(text);
}
