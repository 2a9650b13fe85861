using System.Buffers.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Authentication;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class TokenSignerTests
{
    private static readonly UserTable Users = UserTable.Parse($"alice:{Hash('a')}\nbob:{Hash('b')}\n");

    private readonly FakeTimeProvider _time = new();
    private readonly TokenSigner _signer;

    public TokenSignerTests() => _signer = new TokenSigner("a secret", _time);

    [Fact]
    public void TryRead_OwnToken_SaysWhoseItIs()
    {
        Assert.True(_signer.TryRead(_signer.Issue(Users.Find("alice")), Users, out var user));
        Assert.Equal("alice", user!.Name);
        Assert.True(_signer.TryRead(_signer.Issue(null), Users, out user));
        Assert.Null(user);
    }

    [Fact]
    public void TryRead_TokenOfTheSameSecret_IsBelieved() =>
        Assert.True(new TokenSigner("a secret", _time).TryRead(_signer.Issue(Users.Find("alice")), Users, out _));

    [Fact]
    public void TryRead_TokenOfAnotherKey_IsNotBelieved()
    {
        Assert.False(new TokenSigner("another secret", _time).TryRead(_signer.Issue(Users.Find("alice")), Users, out _));
        Assert.False(new TokenSigner(null, _time).TryRead(new TokenSigner(null, _time).Issue(null), Users, out _));
    }

    [Fact]
    public void TryRead_Expired_IsNotBelieved()
    {
        var token = _signer.Issue(Users.Find("alice"));
        _time.Advance(TokenSigner.Lifetime);
        Assert.True(_signer.TryRead(token, Users, out _));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_signer.TryRead(token, Users, out var user));
        Assert.Null(user);
    }

    [Fact]
    public void TryRead_UserRemovedOrPasswordChanged_IsNotBelieved()
    {
        var token = _signer.Issue(Users.Find("alice"));

        Assert.False(_signer.TryRead(token, UserTable.Parse($"bob:{Hash('b')}"), out _));
        Assert.False(_signer.TryRead(token, UserTable.Parse($"alice:{Hash('c')}"), out _));
        Assert.True(_signer.TryRead(token, UserTable.Parse($"alice:{Hash('a')}"), out _));
    }

    [Theory]
    [InlineData("alice", "bob")]
    [InlineData("", "bob")]
    public void TryRead_NameOfAnother_IsNotBelieved(string own, string other)
    {
        var bytes = Base64Url.DecodeFromChars(_signer.Issue(own.Length == 0 ? null : Users.Find(own)));
        byte[] forged = [.. bytes[..8], .. System.Text.Encoding.UTF8.GetBytes(other), .. bytes[(8 + own.Length)..]];

        Assert.False(_signer.TryRead(Base64Url.EncodeToString(forged), Users, out _));
    }

    [Fact]
    public void TryRead_LaterExpiry_IsNotBelieved()
    {
        var bytes = Base64Url.DecodeFromChars(_signer.Issue(Users.Find("alice")));
        bytes[4]++;

        Assert.False(_signer.TryRead(Base64Url.EncodeToString(bytes), Users, out _));
    }

    [Fact]
    public void TryRead_AnyCutOrChange_IsNotBelieved()
    {
        var token = Base64Url.DecodeFromChars(_signer.Issue(Users.Find("alice")));
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Int[1, 255], Gen.Int[0, token.Length - 1]).Sample((at, flip, length) =>
        {
            var changed = token.ToArray();
            changed[at] ^= (byte)flip;
            Assert.False(_signer.TryRead(Base64Url.EncodeToString(changed), Users, out _));
            Assert.False(_signer.TryRead(Base64Url.EncodeToString(token.AsSpan(0, length)), Users, out _));
        });
    }

    [Fact]
    public void TryRead_AnyText_NeverThrows() => Gen.String[0, 700].Sample(text => Assert.False(_signer.TryRead(text, Users, out _)));

    [Fact]
    public void TryRead_Token_AllocatesNothing()
    {
        var token = _signer.Issue(Users.Find("alice"));
        _signer.TryRead(token, Users, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _signer.TryRead(token, Users, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Hash(char c) => $"$2y$05${new string(c, 53)}";
}
