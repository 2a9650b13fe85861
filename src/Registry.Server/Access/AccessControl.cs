using Microsoft.AspNetCore.Http;
using Registry.Mirror.Publicity;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Server.Authentication;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage.Content;

namespace Registry.Server.Access;

/// <summary>Finds out who asks, holds that against the policy, and words the refusals. Thread-safe.</summary>
/// <param name="policy">What decides.</param>
/// <param name="authenticator">Who knows users; null: there are none.</param>
/// <param name="challenges">How clients are asked for a password; null as <paramref name="authenticator"/>.</param>
/// <param name="opened">Addresses that a login opens.</param>
/// <param name="publicity">What of upstreams with an account everybody may read.</param>
internal sealed class AccessControl(AccessPolicy policy, Authenticator? authenticator, Challenges? challenges, OpenedAddresses opened, PublicContent publicity)
{
    /// <summary>Finds out who asks and notes it in the record.</summary>
    /// <returns>False: what was shown is wrong, and that has been answered.</returns>
    public async ValueTask<bool> TryIdentifyAsync(HttpContext context)
    {
        var record = context.Record();
        if (policy.IsOpen || authenticator is null)
        {
            record.Caller = new Caller(null, record.Origin.Address) { HasMirrorKey = record.MirrorKey is not null };
            return true;
        }

        var shown = await authenticator.IdentifyAsync(context.Request.Headers.Authorization, record.Origin.Address);
        record.User = shown.User;
        record.Proof = shown.Proof;
        record.Caller = new Caller(shown.User, record.Origin.Address) { HasMirrorKey = record.MirrorKey is not null };
        switch (shown.Proof)
        {
            case Proof.Password:
                opened.Open(record.Origin, shown.User!);
                return true;

            // Who has a mirror's key needs no password: what a daemon sends beside it is another registry's.
            case Proof.None or Proof.Token:
            case Proof.WrongPassword or Proof.WrongToken or Proof.HeldBack when record.MirrorKey is not null:
                return true;
            case Proof.HeldBack:
                await context.WriteProblemAsync(ProblemTable.TooManyPasswords(shown.RetryAfter));
                return false;
            case Proof.WrongToken:
                challenges!.Set(context, scope: null, error: "invalid_token");
                await context.WriteProblemAsync(ProblemTable.WrongToken);
                return false;
            default:
                challenges!.Set(context, scope: null, error: null);
                await context.WriteProblemAsync(ProblemTable.WrongPassword);
                return false;
        }
    }

    /// <summary>Whether a caller may pass who asks for no repository: the base of the API, the catalog. Anonymous clients show a token there, so that those with a password are asked for it.</summary>
    public bool MayEnter(RequestRecord record) =>
        authenticator is null || record.Proof != Proof.None || record.MirrorKey is not null;

    /// <summary>Whether who asks may do something to the repository that a name leads to.</summary>
    public bool Allows(HttpContext context, RepositoryActions actions, Destination destination) =>
        policy.Allows(context.Record().Caller, actions, destination.Place, destination.Origin is not null);

    /// <summary>Whether a caller may pull from a repository, and see its name, by what is known without asking its upstream.</summary>
    public bool MaySee(in Caller caller, RepositoryName place, Upstream? upstream) =>
        policy.IsOpen
        || (policy.Allows(caller, RepositoryActions.Pull, place, upstream is not null)
            && !(caller.IsAnonymous && upstream is { HasAccount: true } && !publicity.IsKnown(place)));

    /// <summary>
    /// Whether who asks may have only what the upstream shows to everybody: clients without a password do not pull with the mirror's account. Where nobody has a password,
    /// and no rule says otherwise, everybody does.
    /// </summary>
    public bool NeedsPublicContent(HttpContext context, Destination destination) =>
        !policy.IsOpen && context.Record().Caller.IsAnonymous && destination.Origin is { Upstream.HasAccount: true };

    /// <summary>Refuses what the policy does not allow.</summary>
    /// <param name="context">The request.</param>
    /// <param name="actions">What was wanted.</param>
    /// <param name="name">The repository as the client wrote it.</param>
    public Task RefuseAsync(HttpContext context, RepositoryActions actions, ReadOnlySpan<char> name) =>
        RefuseAsync(context, RepositoryName.TryParse(name, out var repository) ? $"repository:{repository}:{Words(actions)}" : null);

    /// <summary>Refuses who may not enter, or has no right.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">What a token would have to be for; null: nothing is said of it.</param>
    public Task RefuseAsync(HttpContext context, string? scope)
    {
        var isKnown = context.Record().Proof != Proof.None;
        if (challenges is null || (isKnown && !challenges.UsesTokens))
        {
            return context.WriteProblemAsync(ProblemTable.Denied("No access rule allows this."));
        }

        challenges.Set(context, scope, isKnown && scope is not null ? "insufficient_scope" : null);
        return context.WriteProblemAsync(isKnown ? ProblemTable.InsufficientScope : ProblemTable.PasswordNeeded);
    }

    private static string Words(RepositoryActions actions) => actions switch
    {
        RepositoryActions.Push => "pull,push",
        RepositoryActions.Delete => "delete",
        _ => "pull",
    };
}
