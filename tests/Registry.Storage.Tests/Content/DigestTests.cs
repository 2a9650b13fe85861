using System.Text.RegularExpressions;
using CsCheck;
using Registry.Storage.Content;

namespace Registry.Storage.Tests.Content;

public sealed class DigestTests
{
    private static readonly Regex Whole = new(
        @"\A(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private const string OfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly Gen<Digest> AnyDigest = Gen.OneOf(
        Gen.Byte.Array[32].Select(hash => Digest.FromHash(DigestAlgorithm.Sha256, hash)),
        Gen.Byte.Array[64].Select(hash => Digest.FromHash(DigestAlgorithm.Sha512, hash)));

    [Fact]
    public void Parse_WhatToStringGave_IsTheSameDigest() =>
        AnyDigest.Sample(digest => Digest.TryParse(digest.ToString(), out var parsed) && parsed == digest && parsed.GetHashCode() == digest.GetHashCode());

    [Fact]
    public void Parse_OneCharacterChanged_IsAnotherDigestOrNone() =>
        Gen.Select(AnyDigest, Gen.Int[0, 134], Gen.Char).Sample((digest, at, replacement) =>
        {
            var text = digest.ToString().ToCharArray();
            at %= text.Length;
            var isSame = text[at] == replacement;
            text[at] = replacement;
            var changed = new string(text);
            return Digest.TryParse(changed, out var parsed) == Whole.IsMatch(changed) && (parsed == digest) == isSame;
        });

    [Fact]
    public void Parse_AnyText_AgreesWithTheGrammar() =>
        Gen.OneOf(Gen.String, Gen.Char["sha2561:f0AFg\n"].Array[0, 80].Select(characters => new string(characters)))
            .Sample(text => Digest.TryParse(text, out _) == Whole.IsMatch(text));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85G")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\n")]
    [InlineData(OfNothing + "\n")]
    [InlineData(" " + OfNothing)]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("sha256:\u0663\u0663b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Parse_WhatIsNoDigest_IsRefused(string text)
    {
        Assert.False(Digest.TryParse(text, out var digest));
        Assert.Equal(default, digest);
        Assert.Throws<FormatException>(() => Digest.Parse(text));
    }

    [Fact]
    public void Of_NoBytes_IsTheWellKnownDigest() => Assert.Equal(OfNothing, Digest.Of(DigestAlgorithm.Sha256, []).ToString());

    [Fact]
    public void Equals_SameHashStartOfAnotherAlgorithm_IsAnotherDigest()
    {
        var hash = new byte[64];
        Assert.NotEqual(Digest.FromHash(DigestAlgorithm.Sha256, hash.AsSpan(0, 32)), Digest.FromHash(DigestAlgorithm.Sha512, hash));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, 31)]
    [InlineData(DigestAlgorithm.Sha256, 64)]
    [InlineData(DigestAlgorithm.Sha512, 32)]
    [InlineData(DigestAlgorithm.None, 0)]
    public void FromHash_WrongLength_Throws(DigestAlgorithm algorithm, int length) =>
        Assert.Throws<ArgumentException>(() => Digest.FromHash(algorithm, new byte[length]));

    [Fact]
    public void Hasher_ContentInPieces_HasTheDigestOfTheWhole() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 300], Gen.Enum<DigestAlgorithm>().Where(algorithm => algorithm != DigestAlgorithm.None))
            .Sample((content, cut, algorithm) =>
            {
                using var hasher = new ContentHasher(algorithm);
                cut = Math.Min(cut, content.Length);
                hasher.Append(content.AsSpan(0, cut));
                var early = hasher.Current();
                hasher.Append(content.AsSpan(cut));
                return early == Digest.Of(algorithm, content.AsSpan(0, cut)) && hasher.Current() == Digest.Of(algorithm, content) && hasher.Length == content.Length;
            });

    [Fact]
    public void TryParse_Utf8_IsWhatTextIsAndAllocatesNothing()
    {
        var text = Digest.Of(DigestAlgorithm.Sha512, "a"u8).ToString();
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        Assert.True(Digest.TryParse(utf8, out var digest));
        Assert.Equal(text, digest.ToString());
        Assert.False(Digest.TryParse(utf8.AsSpan(1), out _));
        Assert.False(Digest.TryParse([.. utf8, (byte)'0'], out _));
        Assert.False(Digest.TryParse([.. utf8[..^1], 0xc3], out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = Digest.TryParse(utf8, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(parsed);
    }
}
