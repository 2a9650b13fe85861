using System.Text;
using Registry.Load.Clients;

namespace Registry.Load.Tests;

public sealed class ResponseHeadTests
{
    [Fact]
    public void Parse_NamesInAnyCase_FindsThem()
    {
        var head = Parse("HTTP/1.1 202 Accepted\r\ncontent-length: 12\r\nLOCATION: /v2/a/blobs/uploads/1\r\nConnection: close");

        Assert.Equal(new ResponseHead(202, 12, "/v2/a/blobs/uploads/1", Closes: true, Chunked: false), head);
    }

    [Fact]
    public void Parse_NameThatOnlyBeginsAlike_IsAnother() => Assert.Equal(0, Parse("HTTP/1.1 200 OK\r\nContent-Length-Hint: 7").Length);

    [Fact]
    public void Parse_Chunked_SaysSo() => Assert.True(Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked").Chunked);

    [Fact]
    public void Parse_NotHttp_Throws() => Assert.Throws<IOException>(() => Parse("SSH-2.0-OpenSSH_9.2"));

    private static ResponseHead Parse(string head) => ResponseHead.Parse(Encoding.ASCII.GetBytes(head));
}
