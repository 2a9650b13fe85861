using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Mirror.Routing;
using Registry.Server.Access;
using Registry.Storage.Content;

namespace Registry.Bench.Access;

/// <summary>The decision that every request asks for, with 20 rules of which the last allows.</summary>
public class AccessPolicyBenchmarks
{
    private static readonly RepositoryName Name = RepositoryName.Parse("library/nginx");

    private static readonly Caller Office = new(null, IPAddress.Parse("2001:db8::7"));

    private readonly AccessPolicy _policy = new(
        new AccessOptions { Rules = [.. Enumerable.Range(0, 19).Select(i => Rule($"user{i}", $"team{i}/**", "192.0.2.0/24")), Rule(AccessRule.Anonymous, "**", "2001:db8::/32")] },
        hasPasswords: true,
        new OpenedAddresses(TimeProvider.System, NullLogger.Instance));

    [Benchmark]
    public bool Allow() => _policy.Allows(Office, RepositoryActions.Pull, Name, isMirrored: true);

    [Benchmark]
    public bool Refuse() => _policy.Allows(Office, RepositoryActions.Push, Name, isMirrored: true);

    private static AccessRule Rule(string user, string pattern, string network) =>
        new([user], [NamePattern.TryParse(pattern, out var parsed) ? parsed : throw new FormatException(pattern)], RepositoryActions.Pull, [IPNetwork.Parse(network)], mirrored: null);
}
