using Registry.Storage.Content;

namespace Registry.Storage.Tests.Content;

public sealed class MediaTypeTests
{
    [Fact]
    public void IsWellFormed_EveryTypeOfManifests_Is() => Assert.All(MediaType.Manifests, type => Assert.True(MediaType.IsWellFormed(type)));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("application/")]
    [InlineData("/json")]
    [InlineData("application")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json\r\nSet-Cookie: a=b")]
    [InlineData("application/json\n")]
    [InlineData("application/js\0on")]
    [InlineData("application/json, text/html")]
    [InlineData("application/json\u00e9")]
    [InlineData("a/b/c")]
    public void IsWellFormed_WhatAHeaderMustNotHold_IsNot(string text) => Assert.False(MediaType.IsWellFormed(text));

    [Fact]
    public void IsWellFormed_TooLong_IsNot() => Assert.False(MediaType.IsWellFormed("a/" + new string('b', MediaType.MaxLength - 1)));
}
