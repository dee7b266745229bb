namespace KapsoArchive.Core.Lake.Views;

/// <summary>The query engines for which the lake brings its views.</summary>
public enum LakeEngine
{
    DuckDb,
    Spark,
    Synapse,
    Databricks,
    Fabric,
}
