using CsCheck;
using Registry.Server.Uploads;
using Xunit;

namespace Registry.Server.Tests.Uploads;

public sealed class ContentSpanTests
{
    [Fact]
    public void TryParse_AnySpan_IsReadBack() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Sample(static (a, b) =>
        {
            var (first, last) = (Math.Min(a, b), Math.Max(a, b));
            Assert.True(ContentSpan.TryParse($"{first}-{last}", out var span));
            Assert.Equal(new ContentSpan(first, last), span);
        });

    [Theory]
    [InlineData("0-0", 1)]
    [InlineData("5-9", 5)]
    [InlineData("00-09", 10)]
    public void Length_Span_CountsBothEnds(string text, long length)
    {
        Assert.True(ContentSpan.TryParse(text, out var span));
        Assert.Equal(length, span.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("--1")]
    [InlineData("1--2")]
    [InlineData("2-1")]
    [InlineData("+1-2")]
    [InlineData(" 1-2")]
    [InlineData("1 -2")]
    [InlineData("1-2 ")]
    [InlineData("1,000-2")]
    [InlineData("0x1-2")]
    [InlineData("\u0661-\u0662")]
    [InlineData("bytes 0-1/2")]
    [InlineData("0-1/2")]
    [InlineData("0-1/*")]
    [InlineData("0-9223372036854775808")]
    [InlineData("0-1,2-3")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.False(ContentSpan.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_NeverThrows() =>
        Gen.String[Gen.Char["0123456789-/ bytes+\u0661"], 0, 30].Sample(static text =>
        {
            if (ContentSpan.TryParse(text, out var span))
            {
                Assert.True(span.First >= 0 && span.Last >= span.First);
            }
        });
}
