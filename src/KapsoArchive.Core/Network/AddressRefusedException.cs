namespace KapsoArchive.Core.Network;

/// <summary>Thrown instead of a connection to an address that is not public.</summary>
public sealed class AddressRefusedException() : IOException("The address is not public: connections go to public addresses only.");
