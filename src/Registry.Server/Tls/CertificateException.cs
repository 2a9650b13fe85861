namespace Registry.Server.Tls;

/// <summary>A certificate, key or authority cannot be used. The message names the file and the reason, and nothing of a key.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
