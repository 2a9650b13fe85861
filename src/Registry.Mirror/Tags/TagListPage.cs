using System.Globalization;
using Registry.Storage.Content;

namespace Registry.Mirror.Tags;

/// <summary>Which page of which repository's tags. Immutable.</summary>
/// <param name="Place">The repository in the store.</param>
/// <param name="Count">Most tags wanted; null: as many as the upstream gives.</param>
/// <param name="Last">The tag after which the page begins; null: from the first.</param>
internal sealed record TagListPage(RepositoryName Place, int? Count, string? Last)
{
    /// <summary>The request after <c>/v2/NAME/</c>.</summary>
    public string ToPath()
    {
        var path = Count is { } count ? string.Create(CultureInfo.InvariantCulture, $"tags/list?n={count}") : "tags/list";
        return string.IsNullOrEmpty(Last) ? path : $"{path}{(Count is null ? '?' : '&')}last={Uri.EscapeDataString(Last)}";
    }
}
