using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Aot.Configuration.Values;
using Registry.Server;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>http</c>, and of <c>log</c> the access log.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class ServerBinder(Diagnostics found)
{
    private const string AddressOfFile = ":5000";

    private static readonly ServerOptions Default = new();

    /// <summary>Binds the section.</summary>
    public ServerOptions Bind(SectionReader root, bool hasFile)
    {
        var http = root.Section("http");
        var timeout = http.Section("timeout");
        var limits = http.Section("limits");
        var isSocket = "unix".Equals(http.Text("net"), StringComparison.OrdinalIgnoreCase);
        var address = BindAddress(http, isSocket) ?? (hasFile ? AddressOfFile : Default.Address);
        return new ServerOptions
        {
            Address = address,
            UnixSocket = isSocket,
            Prefix = BindPrefix(http.Text("prefix")),
            Host = BindHost(http),
            DrainTimeout = http.Duration("draintimeout") ?? Default.DrainTimeout,
            Headers = [.. http.Map("headers").SelectMany(BindHeader)],
            ReadTimeout = timeout.Duration("read") ?? Default.ReadTimeout,
            WriteTimeout = timeout.Duration("write") ?? Default.WriteTimeout,
            IdleTimeout = timeout.Duration("idle") ?? Default.IdleTimeout,
            MaxConnections = limits.Integer("connections") ?? Default.MaxConnections,
            MaxRequestHeaderBytes = (int)(limits.Size("requestheader") ?? Default.MaxRequestHeaderBytes),
            TrustedProxies = [.. http.Texts("trustedproxies").Select(NetworkText.Parse)],
            CorsOrigins = [.. http.Section("cors").Texts("origins")],
            HstsMaxAge = http.Section("hsts").Integer("maxage") is { } age ? TimeSpan.FromSeconds(age) : null,
            RequestsPerSecond = limits.Integer("requestspersecond") ?? Default.RequestsPerSecond,
            Plain = new PlainBinder(found).Bind(http, address),
            Tls = new TlsBinder(found).Bind(http),
            AccessLog = !(root.Section("log").Section("accesslog").Flag("disabled") ?? false),
        };
    }

    private string? BindAddress(SectionReader http, bool isSocket)
    {
        var address = http.Text("addr");
        if (isSocket)
        {
            if (string.IsNullOrEmpty(address) || address.Contains('\0', StringComparison.Ordinal))
            {
                found.Error((http.Entry("addr") ?? http.Entry("net"))!.Value.Origin, "http.net is unix; expected the path of a socket in http.addr");
            }
        }
        else if (address is not null && Shapes.Address.FindProblem(address) is { } problem)
        {
            found.Error(http.Entry("addr")!.Value.Origin, $"http.addr: {problem}");
        }

        return address;
    }

    private Uri? BindHost(SectionReader http)
    {
        var host = http.Url("host");
        if (host is { AbsolutePath: not "/" })
        {
            found.Error(http.Entry("host")!.Value.Origin, "http.host: the URL has a path; expected a URL such as https://host, and the path in http.prefix");
        }

        return host;
    }

    private static string BindPrefix(string? prefix) => prefix is null ? Default.Prefix : prefix.EndsWith('/') ? prefix : prefix + "/";

    private static IEnumerable<KeyValuePair<string, string>> BindHeader(MapEntry header) =>
        header.Value is ListNode values
            ? values.Items.OfType<ScalarNode>().Select(value => KeyValuePair.Create(header.Name, value.Text))
            : [];
}
