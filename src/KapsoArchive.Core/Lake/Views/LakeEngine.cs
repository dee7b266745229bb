namespace KapsoArchive.Core.Lake.Views;

/// <summary>The query engines that the lake provides views for.</summary>
public enum LakeEngine
{
    DuckDb,
    Spark,
    Synapse,
    Databricks,
    Fabric,
}
