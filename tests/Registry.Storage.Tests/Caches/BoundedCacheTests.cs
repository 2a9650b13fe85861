using Registry.Storage.Caches;

namespace Registry.Storage.Tests.Caches;

/// <summary>What is kept in memory, for how long, and when it must not be.</summary>
public sealed class BoundedCacheTests
{
    private readonly BoundedCache<string, int> _cache = new(maxBytes: 80);

    [Fact]
    public void Add_ReadBeforeARemoval_IsNotKept()
    {
        var version = _cache.Version;
        _cache.Remove("other");
        _cache.Add("a", 1, 10, version);

        Assert.False(_cache.TryGet("a", out _));
    }

    [Fact]
    public void Add_ReadAfterARemoval_IsKept()
    {
        _cache.Remove("a");
        _cache.Add("a", 2, 10, _cache.Version);

        Assert.True(_cache.TryGet("a", out var value));
        Assert.Equal(2, value);
    }

    [Fact]
    public void Remove_OfAKnownKey_ForgetsIt()
    {
        _cache.Add("a", 1, 10, _cache.Version);
        _cache.Remove("a");

        Assert.False(_cache.TryGet("a", out _));
    }

    [Fact]
    public void Add_BeyondTheBound_DropsWhatNobodyAskedFor()
    {
        Fill(8);
        Assert.True(_cache.TryGet("0", out _));

        _cache.Add("new", 8, 10, _cache.Version);

        Assert.True(_cache.TryGet("0", out _));
        Assert.False(_cache.TryGet("1", out _));
        Assert.True(_cache.TryGet("new", out _));
    }

    [Fact]
    public void Add_MoreThanAnEighthOfTheBound_IsNotKept()
    {
        _cache.Add("large", 1, 11, _cache.Version);

        Assert.False(_cache.TryGet("large", out _));
    }

    [Fact]
    public void Clear_ForgetsAllAndLetsRoomBeUsedAgain()
    {
        Fill(8);
        _cache.Clear();
        Fill(8);

        for (var i = 0; i < 8; i++)
        {
            Assert.True(_cache.TryGet($"{i}", out _));
        }
    }

    [Fact]
    public void TryGet_OfAKnownKey_AllocatesNothing()
    {
        _cache.Add("a", 1, 10, _cache.Version);
        _cache.TryGet("a", out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _cache.TryGet("a", out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _cache.Add($"{i}", i, 10, _cache.Version);
        }
    }
}
