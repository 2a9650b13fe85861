using System.Net;
using CsCheck;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class AddressClassesTests
{
    [Theory]
    [InlineData("8.8.8.8", nameof(AddressClass.Public))]
    [InlineData("100.63.255.255", nameof(AddressClass.Public))]
    [InlineData("172.32.0.1", nameof(AddressClass.Public))]
    [InlineData("2606:4700::1111", nameof(AddressClass.Public))]
    [InlineData("64:ff9b::8.8.8.8", nameof(AddressClass.Public))]
    [InlineData("10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("172.16.0.1", nameof(AddressClass.Private))]
    [InlineData("172.31.255.255", nameof(AddressClass.Private))]
    [InlineData("192.168.1.1", nameof(AddressClass.Private))]
    [InlineData("100.64.0.1", nameof(AddressClass.Private))]
    [InlineData("198.18.0.1", nameof(AddressClass.Private))]
    [InlineData("fd00::1", nameof(AddressClass.Private))]
    [InlineData("fec0::1", nameof(AddressClass.Private))]
    [InlineData("64:ff9b::10.0.0.1", nameof(AddressClass.Private))]
    [InlineData("127.0.0.1", nameof(AddressClass.Loopback))]
    [InlineData("127.255.255.254", nameof(AddressClass.Loopback))]
    [InlineData("::1", nameof(AddressClass.Loopback))]
    [InlineData("::ffff:127.0.0.1", nameof(AddressClass.Loopback))]
    [InlineData("2002:7f00:1::", nameof(AddressClass.Loopback))]
    [InlineData("169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("::ffff:169.254.169.254", nameof(AddressClass.LinkLocal))]
    [InlineData("fe80::1", nameof(AddressClass.LinkLocal))]
    [InlineData("0.0.0.0", nameof(AddressClass.Unusable))]
    [InlineData("0.1.2.3", nameof(AddressClass.Unusable))]
    [InlineData("224.0.0.1", nameof(AddressClass.Unusable))]
    [InlineData("255.255.255.255", nameof(AddressClass.Unusable))]
    [InlineData("::", nameof(AddressClass.Unusable))]
    [InlineData("ff02::1", nameof(AddressClass.Unusable))]
    public void Of_Address_HasItsClass(string address, string expected) =>
        Assert.Equal(Enum.Parse<AddressClass>(expected), AddressClasses.Of(IPAddress.Parse(address)));

    [Fact]
    public void Of_AnyIPv4Address_IsTheSameWhenMapped() => Gen.UInt.Sample(bits =>
    {
        var address = new IPAddress(bits);
        Assert.Equal(AddressClasses.Of(address), AddressClasses.Of(address.MapToIPv6()));
    });

    [Theory]
    [InlineData("http://localhost:5000", nameof(AddressClass.Loopback))]
    [InlineData("http://a.localhost./", nameof(AddressClass.Loopback))]
    [InlineData("http://[::1]/", nameof(AddressClass.Loopback))]
    [InlineData("http://2130706433/", nameof(AddressClass.Loopback))]
    [InlineData("http://0x7f.1/", nameof(AddressClass.Loopback))]
    [InlineData("http://10.0.0.1/", nameof(AddressClass.Private))]
    [InlineData("http://docker.io/", null)]
    public void OfHost_Literal_IsKnownWithoutResolving(string url, string? expected) =>
        Assert.Equal(expected, AddressClasses.OfHost(new Uri(url))?.ToString());

    [Fact]
    public void MayLead_PublicOrUnknownEndpoint_LeadsToPublicOnly()
    {
        foreach (var to in Enum.GetValues<AddressClass>())
        {
            Assert.Equal(to == AddressClass.Public, AddressClasses.MayLead(AddressClass.Public, to));
            Assert.Equal(to == AddressClass.Public, AddressClasses.MayLead(null, to));
        }
    }

    [Fact]
    public void MayLead_PrivateEndpoint_LeadsToPrivateButNotToTheMetadataService()
    {
        Assert.True(AddressClasses.MayLead(AddressClass.Private, AddressClass.Private));
        Assert.True(AddressClasses.MayLead(AddressClass.Loopback, AddressClass.Loopback));
        Assert.False(AddressClasses.MayLead(AddressClass.Private, AddressClass.LinkLocal));
        Assert.False(AddressClasses.MayLead(AddressClass.Private, AddressClass.Unusable));
    }
}
