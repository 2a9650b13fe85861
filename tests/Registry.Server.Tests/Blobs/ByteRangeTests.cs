using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Registry.Server.Blobs;
using Xunit;

namespace Registry.Server.Tests.Blobs;

public sealed class ByteRangeTests
{
    private static readonly Regex One = new(@"\Abytes= *(?<first>[0-9]*)-(?<last>[0-9]*) *\z", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    [Theory]
    [InlineData("bytes=500-1499", 3000, 500, 1500, true)]
    [InlineData("bytes=500-", 3000, 500, 3000, false)]
    [InlineData("bytes=0-", 3000, 0, 3000, false)]
    [InlineData("bytes=-500", 3000, 2500, 3000, true)]
    [InlineData("bytes=-5000", 3000, 0, 3000, true)]
    [InlineData("bytes=2000-5000", 3000, 2000, 3000, true)]
    [InlineData("bytes=0-0", 3000, 0, 1, true)]
    [InlineData("bytes=2999-", 3000, 2999, 3000, false)]
    [InlineData("BYTES=1-2", 3000, 1, 3, true)]
    [InlineData("bytes=0-99999999999999999999999999", 3000, 0, 3000, true)]
    [InlineData("bytes=-99999999999999999999999999", 3000, 0, 3000, true)]
    public void Read_OneRange_IsThatPart(string header, long length, long first, long end, bool isClosed)
    {
        Assert.Equal(ByteRangeResult.Part, ByteRange.Read(header, length, out var range));
        Assert.Equal(new ByteRange(first, end, isClosed), range);
    }

    [Theory]
    [InlineData("bytes=500-0", 3000)]
    [InlineData("bytes=3000-", 3000)]
    [InlineData("bytes=3000-4000", 3000)]
    [InlineData("bytes=99999999999999999999999999-", 3000)]
    [InlineData("bytes=-0", 3000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-1", 0)]
    public void Read_NothingThatIsThere_CannotBeSatisfied(string header, long length) =>
        Assert.Equal(ByteRangeResult.Unsatisfiable, ByteRange.Read(header, length, out _));

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1-b")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1.0-2")]
    [InlineData("bytes=\u0661-\u0662")]
    [InlineData("items=0-1")]
    [InlineData("bytes 0-1/2")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=0-0, -1")]
    public void Read_WhatIsNoSingleRange_MeansTheWhole(string header)
    {
        Assert.Equal(ByteRangeResult.Whole, ByteRange.Read(header, 3000, out var range));
        Assert.Equal(new ByteRange(0, 3000, false), range);
    }

    [Fact]
    public void Read_AnyHeader_AgreesWithTheDefinition() =>
        Gen.Select(
            Gen.OneOf(
                Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12]).Select((first, last) => $"bytes={first}-{last}"),
                Gen.Char["0129-, a"].Array[0, 6].Select(characters => "bytes=" + new string(characters)),
                Gen.String),
            Gen.Int[0, 10]).Sample((header, length) => ByteRange.Read(header, length, out var range) == Define(header, length, out var first, out var end)
                && range.First == first && range.End == end, iter: 20_000);

    // Byte by byte: the wanted ones are those whose offset satisfies both halves.
    private static ByteRangeResult Define(string header, int length, out long first, out long end)
    {
        (first, end) = (0, length);
        if (One.Match(header) is not { Success: true } match || (match.Groups["first"].Length == 0 && match.Groups["last"].Length == 0))
        {
            return ByteRangeResult.Whole;
        }

        var (one, two) = (Number(match.Groups["first"].Value), Number(match.Groups["last"].Value));
        var wanted = Enumerable.Range(0, length).Where(at => one is null ? at >= length - two : at >= one && (two is null || at <= two)).ToArray();
        if (wanted.Length == 0)
        {
            // The values are of no use to anyone then.
            ByteRange.Read(header, length, out var unused);
            (first, end) = (unused.First, unused.End);
            return ByteRangeResult.Unsatisfiable;
        }

        (first, end) = (wanted[0], wanted[^1] + 1);
        return ByteRangeResult.Part;
    }

    private static BigInteger? Number(string digits) => digits.Length == 0 ? null : BigInteger.Parse(digits, CultureInfo.InvariantCulture);
}
