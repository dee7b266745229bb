using System.Collections.Concurrent;
using KapsoArchive.FunctionsHost.Protocol;

namespace KapsoArchive.FunctionsHost;

/// <summary>All that the app and its host logged, in the order of its arrival.</summary>
public sealed class HostLog
{
    private readonly ConcurrentQueue<HostLine> _lines = new();
    private readonly ConcurrentDictionary<string, string> _functions = new(StringComparer.Ordinal);

    public IReadOnlyList<HostLine> Lines => [.. _lines];

    /// <summary>Everything, a line each.</summary>
    public string Text => string.Join('\n', _lines);

    internal void Began(string invocationId, string function) => _functions[invocationId] = function;

    internal void Add(LineSource source, string level, string message) =>
        _lines.Enqueue(new HostLine(source, source.ToString(), source.ToString(), level, Function: null, InvocationId: null, message, Exception: null, Properties: null));

    // "Log lines arrive as RpcLog, kind User for the app's, System for the worker's own. The worker filters by its own settings alone."
    internal void Add(RpcLog line)
    {
        string? function = _functions.GetValueOrDefault(line.InvocationId);
        LineSource source = line.LogCategory == RpcLog.Types.RpcLogCategory.User ? LineSource.User : LineSource.System;
        _lines.Enqueue(new HostLine(
            source,
            function is not null && source == LineSource.User ? $"Function.{function}.User" : line.Category,
            line.Category,
            line.Level.ToString(),
            function,
            line.InvocationId is "" ? null : line.InvocationId,
            line.Message,
            line.Exception is { } e ? $"{e.Type}: {e.Message} {e.StackTrace}" : null,
            $"{line.Properties}{(line.PropertiesMap.Count > 0 ? line.PropertiesMap.ToString() : "")}" is { Length: > 0 } properties ? properties : null));
    }
}
