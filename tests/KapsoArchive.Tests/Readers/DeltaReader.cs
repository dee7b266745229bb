namespace KapsoArchive.Tests.Readers;

/// <summary>The readers of Delta Lake in ClickHouse. They share the Parquet reader, not the code that reads the log.</summary>
public enum DeltaReader
{
    /// <summary>delta-kernel-rs, the reader in Rust that other engines embed too.</summary>
    Kernel,

    /// <summary>ClickHouse's own.</summary>
    ClickHouse,
}
