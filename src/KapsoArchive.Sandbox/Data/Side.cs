namespace KapsoArchive.Sandbox.Data;

/// <summary>Who may send a record of a shape.</summary>
internal enum Side
{
    Either,
    Contact,
    Business,
}
