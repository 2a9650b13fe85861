using Registry.Storage.Layout;

namespace Registry.Storage.Tests.Layout;

public sealed class DiskRoomTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(1000, 10)] // 1 %
    [InlineData(1_000_000, 64)] // the most
    public void TryTake_UpToWhatIsKeptFree_IsGrantedAndNoMore(long total, long reserve)
    {
        var free = (reserve + 3) * Mebibyte;
        var room = new DiskRoom(() => (free, total * Mebibyte));
        Assert.True(room.TryTake(3 * Mebibyte));
        free -= 3 * Mebibyte;
        Assert.False(room.TryTake(1));
        free += Mebibyte;
        Assert.True(room.TryTake(Mebibyte));
    }

    [Fact]
    public void TryTake_ByMany_IsCountedTogether()
    {
        var asked = 0;
        var room = new DiskRoom(() =>
        {
            asked++;
            return (10 * Mebibyte, 100 * Mebibyte);
        });

        // 9 MiB are to be had: nobody asks the disk again, or is refused, before they are taken.
        Assert.Equal(9, Enumerable.Range(0, 9).Count(_ => room.TryTake(Mebibyte)));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void HasRoomFor_MoreThanIsFreeWithoutTheReserve_IsRefused()
    {
        var room = new DiskRoom(() => (200 * Mebibyte, 10_000 * Mebibyte));
        Assert.True(room.HasRoomFor(136 * Mebibyte));
        Assert.False(room.HasRoomFor(137 * Mebibyte));
    }

    [Fact]
    public void TryTake_DiskThatDoesNotSay_IsGranted()
    {
        var room = new DiskRoom(static () => null);
        Assert.True(room.TryTake(long.MaxValue / 2));
        Assert.True(room.HasRoomFor(long.MaxValue));
    }
}
