namespace Registry.Mirror.Upstreams;

/// <summary>What came back after all redirects: a response, which the receiver owns, or a failure.</summary>
/// <param name="From">The URL that answered last, or failed.</param>
/// <param name="Response">Headers are there, the body is unread; null: see <paramref name="Failure"/>.</param>
/// <param name="Failure">Why there is no response.</param>
internal readonly record struct Answer(Uri From, HttpResponseMessage? Response, UpstreamFailure? Failure);
