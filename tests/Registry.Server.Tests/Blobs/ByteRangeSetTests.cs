using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Registry.Server.Blobs;
using Xunit;

namespace Registry.Server.Tests.Blobs;

public sealed class ByteRangeSetTests
{
    private static readonly Regex One = new(@"\A *(?<first>[0-9]*)-(?<last>[0-9]*) *\z", RegexOptions.NonBacktracking);

    [Theory]
    [InlineData("bytes=500-1499", 500, 1500, true)]
    [InlineData("bytes=500-", 500, 3000, false)]
    [InlineData("bytes=0-", 0, 3000, false)]
    [InlineData("bytes=-500", 2500, 3000, true)]
    [InlineData("bytes=-5000", 0, 3000, true)]
    [InlineData("bytes=2000-5000", 2000, 3000, true)]
    [InlineData("bytes=0-0", 0, 1, true)]
    [InlineData("bytes=2999-", 2999, 3000, false)]
    [InlineData("BYTES=1-2", 1, 3, true)]
    [InlineData("bytes=0-99999999999999999999999999", 0, 3000, true)]
    [InlineData("bytes=-99999999999999999999999999", 0, 3000, true)]
    [InlineData("bytes=, 5-9,", 5, 10, true)]
    [InlineData("bytes=3000-,5-9,-0", 5, 10, true)]
    public void Read_OneRange_IsThatPart(string header, long first, long end, bool isClosed) =>
        Assert.Equal([new ByteRange(first, end, isClosed)], ByteRangeSet.Read(header, 3000)!);

    [Fact]
    public void Read_SeveralRanges_AreInTheOrderAsked() =>
        Assert.Equal([new ByteRange(2995, 3000, true), new ByteRange(0, 2, true), new ByteRange(2, 3, true)], ByteRangeSet.Read("bytes=-5,0-1 , 2-2", 3000)!);

    [Theory]
    [InlineData("bytes=500-0", 3000)]
    [InlineData("bytes=3000-", 3000)]
    [InlineData("bytes=3000-4000", 3000)]
    [InlineData("bytes=99999999999999999999999999-", 3000)]
    [InlineData("bytes=-0", 3000)]
    [InlineData("bytes=3000-,4000-5000", 3000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-1", 0)]
    public void Read_NothingThatIsThere_CannotBeSatisfied(string header, long length) => Assert.Equal([], ByteRangeSet.Read(header, length)!);

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=,")]
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
    [InlineData("bytes=0-1,x")]
    [InlineData("bytes=0-1,1-2")]
    [InlineData("bytes=5-9,0-")]
    [InlineData("bytes=2000-,-1")]
    public void Read_WhatIsNotUnderstoodOrAsksTwice_MeansTheWhole(string header) => Assert.Null(ByteRangeSet.Read(header, 3000));

    [Fact]
    public void Read_TooManyRanges_MeanTheWhole()
    {
        var ranges = Enumerable.Range(0, ByteRangeSet.MaxRanges + 1).Select(i => $"{2 * i}-{2 * i}").ToArray();
        Assert.Null(ByteRangeSet.Read("bytes=" + string.Join(',', ranges), 1 << 20));
        Assert.Equal(ByteRangeSet.MaxRanges, ByteRangeSet.Read("bytes=" + string.Join(',', ranges[1..]), 1 << 20)!.Count);
    }

    [Fact]
    public void Read_AnyHeader_AgreesWithTheDefinition() =>
        Gen.Select(
            Gen.OneOf(
                Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12]).Select((first, last) => $"{first}-{last}").Array[0, 4].Select(parts => "bytes=" + string.Join(',', parts)),
                Gen.Char["0129-, a"].Array[0, 9].Select(characters => "bytes=" + new string(characters)),
                Gen.String),
            Gen.Int[0, 10]).Sample(
                (header, length) => Equals(Define(header, length), ByteRangeSet.Read(header, length)?.Select(range => (range.First, range.End))), iter: 20_000);

    private static bool Equals(IEnumerable<(long, long)>? one, IEnumerable<(long, long)>? other) =>
        one is null || other is null ? one is null && other is null : one.SequenceEqual(other);

    // Byte by byte: the wanted ones are those whose offset satisfies both halves.
    private static IEnumerable<(long, long)>? Define(string header, int length)
    {
        var elements = header.StartsWith("bytes=", StringComparison.Ordinal) ? header[6..].Split(',').Where(element => element.Trim().Length > 0).ToArray() : [];
        var wanted = new List<int[]>();
        foreach (var element in elements)
        {
            if (One.Match(element) is not { Success: true } match || (match.Groups["first"].Length == 0 && match.Groups["last"].Length == 0))
            {
                return null;
            }

            var (first, last) = (Number(match.Groups["first"].Value), Number(match.Groups["last"].Value));
            wanted.Add([.. Enumerable.Range(0, length).Where(at => first is null ? at >= length - last : at >= first && (last is null || at <= last))]);
        }

        var all = wanted.SelectMany(bytes => bytes).ToArray();
        return elements.Length == 0 || all.Distinct().Count() < all.Length
            ? null
            : wanted.Where(bytes => bytes.Length > 0).Select(bytes => ((long)bytes[0], (long)bytes[^1] + 1));
    }

    private static BigInteger? Number(string digits) => digits.Length == 0 ? null : BigInteger.Parse(digits, CultureInfo.InvariantCulture);
}
