using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Registry.Server.Requests;

/// <summary>Which page of a list a client wants (OCI distribution specification, "Listing Tags"). Immutable.</summary>
/// <param name="Count">Most entries; null: as many as the list gives.</param>
/// <param name="Last">The entry after which the page begins; null: from the first.</param>
internal readonly record struct PageQuery(int? Count, string? Last)
{
    /// <summary>Reads <c>n</c> and <c>last</c>; false when <c>n</c> is no number from 0 on.</summary>
    public static bool TryRead(HttpRequest request, out PageQuery page)
    {
        page = default;
        if (!request.QueryString.HasValue)
        {
            return true;
        }

        int? count = null;
        if (request.Query.TryGetValue("n", out var n))
        {
            if (!int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
            {
                return false;
            }

            count = wanted;
        }

        page = new PageQuery(count, request.Query["last"]);
        return true;
    }
}
