namespace KapsoArchive.Tests.Infrastructure;

/// <summary>What happens to one request on its way to the storage service and back.</summary>
public enum StorageFault
{
    None,

    /// <summary>It is carried out, and its answer never arrives.</summary>
    LostAnswer,

    /// <summary>It is carried out, and the connection is cut in the middle of its answer.</summary>
    CutBody,

    /// <summary>The connection is cut, and the request arrives when all repetitions of it have been answered.</summary>
    Delayed,

    /// <summary>It is not carried out: something on the way answers 404, and the connection is cut in the body.</summary>
    CutNotFound,

    /// <summary>As above, with 503.</summary>
    CutServerError,
}
