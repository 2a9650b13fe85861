using Registry.Aot.Configuration.Schema;
using Registry.Server.Listeners;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>http.plain</c>, and finds where it contradicts <c>http.tls</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class PlainBinder(Diagnostics found)
{
    /// <summary>Binds the section; null: there is no plain listener, or it has no right address.</summary>
    public PlainOptions? Bind(SectionReader http)
    {
        if (http.Entry("plain") is not { } entry || !Switch.IsOn(entry.Value))
        {
            return null;
        }

        if (http.Entry("tls") is not { } tls || !Switch.IsOn(tls.Value))
        {
            found.Error(entry.Origin, "http.plain stands without http.tls; expected both, since http.addr is plain HTTP already without tls");
            return null;
        }

        var plain = http.Section("plain");
        if (plain.Entry("addr") is not { } address)
        {
            found.Error(entry.Origin, "http.plain has no addr; expected an address such as :80");
            return null;
        }

        if (http.Entry("addr") is { } main && http.Text("addr") == plain.Text("addr"))
        {
            found.Error(address.Origin, $"http.plain.addr is the address of http.addr at {main.Origin}; expected two addresses");
        }

        return plain.Text("addr") is { } text
            ? new PlainOptions { Address = text, AcmeWebRoot = plain.Text("acmewebroot"), Redirects = plain.Flag("redirect") ?? false }
            : null;
    }
}
