using Registry.Aot.Configuration.Schema;
using Registry.Server.Listeners;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>http.plain</c>, and finds where it contradicts <c>http.tls</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class PlainBinder(Diagnostics found)
{
    /// <summary>Binds the section; null: there is no plain listener, or it has no right address.</summary>
    /// <param name="http">The section that it stands in.</param>
    /// <param name="mainAddress">The address of the listener that it stands beside.</param>
    public PlainOptions? Bind(SectionReader http, string mainAddress)
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

        if (plain.Text("addr") == mainAddress)
        {
            var main = http.Entry("addr") is { } written ? $"at {written.Origin}" : "as it is by default";
            found.Error(address.Origin, $"http.plain.addr is the address of http.addr {main}; expected two addresses");
        }

        return plain.Text("addr") is { } text
            ? new PlainOptions { Address = text, AcmeWebRoot = plain.Text("acmewebroot"), Redirects = plain.Flag("redirect") ?? false }
            : null;
    }
}
