namespace Registry.EndToEnd.PowerCuts;

/// <summary>A file or a directory, whatever names it has.</summary>
internal abstract class DiskNode;
