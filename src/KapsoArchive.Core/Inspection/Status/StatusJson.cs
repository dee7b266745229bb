using System.Text.Encodings.Web;
using System.Text.Json;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>Writes the state of an archive as one JSON document.</summary>
internal static class StatusJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(StatusReport report) => Write(json =>
    {
        json.WritePropertyName("lock");
        Write(json, report.Lock);
        json.WritePropertyName("latest");
        Write(json, report);
        json.WriteStartArray("damages");
        foreach (string damage in report.Damages)
            json.WriteStringValue(damage);
        json.WriteEndArray();
        json.WriteNumber("total", report.Total);
        json.WriteStartArray("runs");
        foreach (RunSummary run in report.Runs)
            Write(json, run);
        json.WriteEndArray();
    });

    /// <summary>Both documents of one run, as stored.</summary>
    public static byte[] Of(RunSummary run) => Write(json =>
    {
        json.WritePropertyName("record");
        json.WriteRawValue(run.Record?.ToJson() ?? "null"u8.ToArray());
        json.WritePropertyName("manifest");
        json.WriteRawValue(run.Manifest?.ToJson() ?? "null"u8.ToArray());
    });

    private static void Write(Utf8JsonWriter json, LockHolder? holder)
    {
        if (holder is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("host", holder.Host);
        json.WriteNumber("process_id", holder.ProcessId);
        json.WriteString("since", holder.Since);
        json.WriteString("purpose", holder.Purpose);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StatusReport report)
    {
        if (report.Latest is not { } latest)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("run_id", latest.RunId);
        json.WriteString("manifest", latest.Manifest);
        json.WriteString("sha256", latest.Sha256);
        json.WriteString("finished_at", latest.FinishedAt);
        json.WriteNumber("age_seconds", Math.Round(report.Age!.Value.TotalSeconds));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunSummary run)
    {
        json.WriteStartObject();
        json.WriteString("run_id", run.RunId);
        json.WriteString("status", run.Status);
        json.WriteBoolean("interrupted", run.Condition == RunCondition.Interrupted);
        Write(json, "started_at", run.StartedAt);
        Write(json, "finished_at", run.FinishedAt);
        Write(json, "duration_seconds", run.Duration is { } duration ? Math.Round(duration.TotalSeconds, 3) : null);
        if (run.Conversations is { } conversations)
        {
            json.WriteStartObject("conversations");
            json.WriteNumber("done", conversations.Done);
            json.WriteNumber("failed", conversations.Failed);
            Write(json, "total", conversations.Total);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("conversations");
        }

        Write(json, run.Rows);
        Write(json, "requests", run.Requests);
        Write(json, "throttled", run.Throttled);
        json.WriteString("error", run.Error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RowTotals? rows)
    {
        if (rows is null)
        {
            json.WriteNull("rows");
            return;
        }

        json.WriteStartObject("rows");
        json.WriteNumber("added", rows.Added);
        json.WriteNumber("changed", rows.Changed);
        json.WriteNumber("removed", rows.Removed);
        json.WriteNumber("rejected", rows.Rejected);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is null)
            json.WriteNull(name);
        else
            json.WriteNumber(name, number.Value);
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is null)
            json.WriteNull(name);
        else
            json.WriteString(name, time.Value);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
