using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Credentials;

/// <summary>A token, or why there is none. Immutable.</summary>
internal readonly record struct TokenResult(BearerToken? Token, UpstreamFailure? Failure);
