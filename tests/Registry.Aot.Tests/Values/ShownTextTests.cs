using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("loud", "'loud'")]
    [InlineData("a\u001b[2Jb\nc", "'a?[2Jb?c'")]
    [InlineData("https://me:secret@host", "this")]
    public void Of_WhatTheUserWrote_IsFitForATerminal(string text, string expected) => Assert.Equal(expected, ShownText.Of(text));

    [Fact]
    public void Of_LongText_IsCut() => Assert.Equal(63, ShownText.Of(new string('x', 1000)).Length);
}
