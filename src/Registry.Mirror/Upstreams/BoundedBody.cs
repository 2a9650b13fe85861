namespace Registry.Mirror.Upstreams;

/// <summary>Reads bodies that are small by their nature, never more than a stated bound.</summary>
internal static class BoundedBody
{
    /// <summary>The whole body; null when it is longer than <paramref name="maxBytes"/>.</summary>
    /// <exception cref="IOException">The upstream broke off.</exception>
    public static async Task<byte[]?> ReadAsync(Stream body, int maxBytes, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > maxBytes)
            {
                return null;
            }

            await buffer.WriteAsync(chunk.AsMemory(0, read), cancellation);
        }

        return buffer.ToArray();
    }
}
