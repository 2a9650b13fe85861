using System.Text;
using Registry.Load.Content;

namespace Registry.Load.Clients;

/// <summary>Requests as they go over the wire, made once and sent often.</summary>
internal static class HttpRequest
{
    public static byte[] Get(string path, string? range = null, string? authorization = null) =>
        Make("GET", path, $"{(range is null ? "" : $"Range: {range}\r\n")}{(authorization is null ? "" : $"Authorization: {authorization}\r\n")}");

    public static byte[] Head(string path) => Make("HEAD", path, "");

    /// <summary>A request with a body of so many bytes, to be sent after it.</summary>
    public static byte[] WithBody(string method, string path, long length, string type = "application/octet-stream") =>
        Make(method, path, $"Content-Type: {type}\r\nContent-Length: {length}\r\n");

    private static byte[] Make(string method, string path, string headers) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {Image.ManifestType}\r\n{headers}\r\n");
}
