namespace KapsoArchive.Core.Lake;

/// <summary>Where a column's value comes from. It also decides whether a new value makes a new version of a message.</summary>
public enum ColumnOrigin
{
    /// <summary>The run. A new value does not make a new version.</summary>
    Run,

    /// <summary>A member of the record, which stands in this column instead of in <c>extra</c>. A new value makes a new version. Only
    /// columns of schema version 1: see <see cref="Extra"/>.</summary>
    Record,

    /// <summary>A member that also stays in <c>extra</c>, which the column copies. A new value makes a new version, because <c>extra</c>
    /// changes. So a column that is added later changes no fingerprint, and older parts hold its values in <c>extra</c>.</summary>
    Extra,
}
