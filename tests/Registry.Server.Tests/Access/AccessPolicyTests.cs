using System.Net;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Routing;
using Registry.Server.Access;
using Registry.Server.Requests;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Access;

/// <summary>The one decision: who may do what on which repository from where.</summary>
public sealed class AccessPolicyTests
{
    private static readonly IPAddress Office = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Office6 = IPAddress.Parse("2001:db8::7");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.1");

    private static readonly IPAddress Public = IPAddress.Parse("203.0.113.9");

    private static readonly AccessRule[] Documented =
    [
        Rule(["admin"], ["**"], RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Admin),
        Rule(["ci"], ["team/**"], RepositoryActions.Pull | RepositoryActions.Push),
        Rule(["*"], ["**"], RepositoryActions.Pull),
        Rule(["anonymous"], [], RepositoryActions.Pull, ["192.0.2.0/24", "2001:db8::/32"], mirrored: true),
    ];

    [Theory]
    [InlineData("admin", "a/b", false, RepositoryActions.Delete, true)]
    [InlineData("admin", "a/b", false, RepositoryActions.Pull | RepositoryActions.Push, true)]
    [InlineData("ci", "team/app", false, RepositoryActions.Push, true)]
    [InlineData("ci", "team/a/b", false, RepositoryActions.Push, true)]
    [InlineData("ci", "team", false, RepositoryActions.Push, false)]
    [InlineData("ci", "teams/app", false, RepositoryActions.Push, false)]
    [InlineData("ci", "team/app", false, RepositoryActions.Delete, false)]
    [InlineData("ci", "team/app", false, RepositoryActions.Push | RepositoryActions.Delete, false)]
    [InlineData("ci", "other/app", false, RepositoryActions.Pull, true)]
    [InlineData("CI", "team/app", false, RepositoryActions.Push, false)]
    [InlineData("*", "team/app", false, RepositoryActions.Push, false)]
    [InlineData(null, "library/nginx", true, RepositoryActions.Pull, false)]
    [InlineData(null, "library/nginx", false, RepositoryActions.Pull, false)]
    [InlineData("ci", "team/app", false, RepositoryActions.None, false)]
    public void Allows_FromElsewhere_IsAsWritten(string? user, string name, bool mirrored, RepositoryActions actions, bool expected) =>
        Assert.Equal(expected, Allows(Policy(Documented), user, name, mirrored, actions, Elsewhere));

    [Theory]
    [InlineData(null, true, RepositoryActions.Pull, true)]
    [InlineData(null, false, RepositoryActions.Pull, false)]
    [InlineData(null, true, RepositoryActions.Push, false)]
    [InlineData("nobody-special", true, RepositoryActions.Pull, true)]
    public void Allows_FromTheOffice_LetsAnonymousPullWhatIsMirrored(string? user, bool mirrored, RepositoryActions actions, bool expected)
    {
        Assert.Equal(expected, Allows(Policy(Documented), user, "library/nginx", mirrored, actions, Office));
        Assert.Equal(expected, Allows(Policy(Documented), user, "library/nginx", mirrored, actions, Office6));
    }

    [Fact]
    public void Allows_RuleWithNetworks_IsNotForAUnixSocket() =>
        Assert.False(Allows(Policy(Documented), null, "library/nginx", true, RepositoryActions.Pull, null));

    [Fact]
    public void Allows_LoggingIn_TakesNothingAway()
    {
        var policy = Policy([Rule(["anonymous"], ["open/**"], RepositoryActions.Pull)]);

        Assert.True(Allows(policy, null, "open/a", false, RepositoryActions.Pull, Elsewhere));
        Assert.True(Allows(policy, "ci", "open/a", false, RepositoryActions.Pull, Elsewhere));
    }

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(true, "ci", true)]
    [InlineData(false, null, true)]
    public void Allows_WithoutRules_LetsWhoIsLoggedInDoEverything(bool hasPasswords, string? user, bool expected) =>
        Assert.Equal(expected, Allows(Policy(null, hasPasswords), user, "a", false, RepositoryActions.Admin | RepositoryActions.Push, Elsewhere));

    [Theory]
    [InlineData(RepositoryActions.Pull, true, true)]
    [InlineData(RepositoryActions.Pull, false, false)]
    [InlineData(RepositoryActions.Push, true, false)]
    [InlineData(RepositoryActions.Pull | RepositoryActions.Push, true, false)]
    public void Allows_MirrorKey_OpensPullsOfWhatIsMirroredAlone(RepositoryActions actions, bool mirrored, bool expected)
    {
        var caller = new Caller(null, Elsewhere) { HasMirrorKey = true };

        Assert.Equal(expected, Policy([]).Allows(caller, actions, RepositoryName.Parse("a"), mirrored));
    }

    [Fact]
    public void Allows_AfterALoginFromAnAddress_OpensPullsOfWhatIsMirroredFromThere()
    {
        var opened = new OpenedAddresses(new FakeTimeProvider(), NullLogger.Instance) { Duration = TimeSpan.FromHours(24) };
        var policy = new AccessPolicy(new AccessOptions(), hasPasswords: true, opened);
        Assert.False(Allows(policy, null, "a", true, RepositoryActions.Pull, Public));

        opened.Open(new ClientOrigin(Public, "https", null), "ci");

        Assert.True(Allows(policy, null, "a", true, RepositoryActions.Pull, Public));
        Assert.False(Allows(policy, null, "a", true, RepositoryActions.Push, Public));
        Assert.False(Allows(policy, null, "a", false, RepositoryActions.Pull, Public));
        Assert.False(Allows(policy, null, "a", true, RepositoryActions.Pull, Elsewhere));
    }

    [Fact]
    public void Allows_NoRules_NobodyMayAnything() =>
        Questions.Sample(question => Assert.False(question.Of(Policy([]))));

    [Fact]
    public void Allows_OneRuleMore_TakesNoRightAway() =>
        Gen.Select(Rules.Array[0, 5], Rules, Questions).Sample((rules, more, question) =>
        {
            if (question.Of(Policy(rules)))
            {
                Assert.True(question.Of(Policy([.. rules, more])));
                Assert.True(question.Of(Policy([more, .. rules])));
            }
        });

    [Fact]
    public void Allows_SeveralActions_NeedEachOfThem() =>
        Gen.Select(Rules.Array[0, 5], Questions).Sample((rules, question) =>
        {
            var single = new[] { RepositoryActions.Pull, RepositoryActions.Push, RepositoryActions.Delete, RepositoryActions.Admin }
                .Where(action => question.Actions.HasFlag(action))
                .All(action => (question with { Actions = action }).Of(Policy(rules)));
            Assert.Equal(single && question.Actions != RepositoryActions.None, question.Of(Policy(rules)));
        });

    [Fact]
    public void Allows_Decision_AllocatesNothing()
    {
        var policy = Policy(Documented);
        var name = RepositoryName.Parse("library/nginx");
        var caller = new Caller("ci", Office6);
        Assert.True(policy.Allows(caller, RepositoryActions.Pull, name, true));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            policy.Allows(caller, RepositoryActions.Pull | RepositoryActions.Delete, name, true);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static readonly Gen<AccessRule> Rules =
        from user in One("anonymous", "*", "ci", "admin")
        from pattern in One("**", "*", "team/**", "team/*", "a*")
        from actions in Gen.Int[1, 15]
        from network in One("0.0.0.0/0", "192.0.2.0/24", "2001:db8::/32", "")
        from mirrored in One<bool?>(null, true, false)
        select Rule([user], [pattern], (RepositoryActions)actions, network.Length == 0 ? [] : [network], mirrored);

    private static readonly Gen<Question> Questions =
        from user in One<string?>(null, "ci", "admin", "*", "anonymous")
        from name in One("a", "abc", "team/app", "team/a/b", "library/nginx")
        from actions in Gen.Int[0, 15]
        from mirrored in Gen.Bool
        from address in One<IPAddress?>(null, Office, Office6, Elsewhere)
        select new Question(user, name, (RepositoryActions)actions, mirrored, address);

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static AccessRule Rule(string[] users, string[] patterns, RepositoryActions actions, string[]? networks = null, bool? mirrored = null) =>
        new(users, patterns.Select(text => NamePattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text)), actions, (networks ?? []).Select(IPNetwork.Parse), mirrored);

    private static AccessPolicy Policy(AccessRule[]? rules, bool hasPasswords = true) =>
        new(new AccessOptions { Rules = rules }, hasPasswords, new OpenedAddresses(new FakeTimeProvider(), NullLogger.Instance));

    private static bool Allows(AccessPolicy policy, string? user, string name, bool mirrored, RepositoryActions actions, IPAddress? address) =>
        policy.Allows(new Caller(user, address), actions, RepositoryName.Parse(name), mirrored);

    private sealed record Question(string? User, string Name, RepositoryActions Actions, bool Mirrored, IPAddress? Address)
    {
        public bool Of(AccessPolicy policy) => Allows(policy, User, Name, Mirrored, Actions, Address);
    }
}
