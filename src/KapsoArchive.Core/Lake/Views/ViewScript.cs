namespace KapsoArchive.Core.Lake.Views;

/// <summary>The script that creates a lake's views in an engine: <c>messages</c>, <c>messages_current</c>, <c>message_history</c>,
/// <c>conversations</c>, <c>conversations_current</c>.</summary>
public static class ViewScript
{
    /// <summary>The script for DuckDB over files of this machine that are known.</summary>
    public static string Over(IReadOnlyList<LakeFile> files) => DuckDbViews.Over(files);

    /// <exception cref="LakeLocationException">The engine cannot read the lake at this location.</exception>
    public static string For(LakeEngine engine, LakeLocation location) => engine switch
    {
        _ when location.IsRelative && !(engine == LakeEngine.DuckDb && location.IsFolder) => throw new LakeLocationException(
            "Relative paths are written for DuckDB and a folder. Leave --relative out."),
        not LakeEngine.DuckDb when location.IsExport => throw new LakeLocationException(
            "This is the folder of an export: its views are written for DuckDB alone. Give the lake, or --engine duckdb."),
        LakeEngine.DuckDb => DuckDbViews.Script(location),
        LakeEngine.Spark => SparkViews.ScriptForSpark(location),
        LakeEngine.Synapse => SynapseViews.Script(location),
        LakeEngine.Databricks => DatabricksViews.Script(location),
        LakeEngine.Fabric => SparkViews.ScriptForFabric(location),
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, message: null),
    };
}
