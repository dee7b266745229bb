namespace KapsoArchive.Sandbox.Data;

/// <summary>A placeholder in a <see cref="Template"/>, filled for each record. If a slot occurs twice, both places get the same
/// value.</summary>
internal enum Slot
{
    /// <summary>The message id, a UUID.</summary>
    Id,

    /// <summary>The contact's number, digits only.</summary>
    Phone,
    Direction,
    Status,
    Processing,

    /// <summary>What follows <c>wamid.</c> in the id that Meta gave the message.</summary>
    Wamid,

    /// <summary>The same value for the message that this one replies to.</summary>
    Target,
    CreatedAt,
    UpdatedAt,

    /// <summary>One to many phrases of the conversation's language.</summary>
    Text,

    /// <summary>One phrase of the conversation's language.</summary>
    Phrase,
    Answer,
    Emoji,
    Name,
    Place,
    File,

    /// <summary>The signature in a signed link, 16 hexadecimal digits.</summary>
    Signature,

    /// <summary>A media object's id, 15 digits.</summary>
    Media,

    /// <summary>A hash in Base64, 43 characters without the padding.</summary>
    Hash,

    /// <summary>A number of five digits.</summary>
    Number,

    /// <summary>A number from 1 to 999.</summary>
    Size,

    /// <summary>A digit from 0 to 9.</summary>
    Digit,

    /// <summary>An hour from 8 to 20.</summary>
    Hour,
}
