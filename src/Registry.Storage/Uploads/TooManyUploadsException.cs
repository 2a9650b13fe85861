namespace Registry.Storage.Uploads;

/// <summary>More pushes are being written at once than there may be.</summary>
public sealed class TooManyUploadsException(int bound) : Exception($"{bound} uploads are being written at once; that is the most.");
