using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Registry.Mirror.Routing;
using Registry.Server.Access;
using Registry.Server.Problems;
using Registry.Server.Requests;

namespace Registry.Server.Authentication;

/// <summary>
/// <c>/v2/token</c>: gives Bearer tokens to users and to anonymous clients (Docker's token flow by GET, OAuth2's by POST). Thread-safe.
/// </summary>
/// <remarks>
/// A request without a scope is a login: a wrong password is refused. Docker's daemon shows Docker Hub's password to its mirrors; it is wrong here, and gets the token of an
/// anonymous client where such a client may have all that is asked for: nobody gains anything by it. What is shown is not stored, logged or passed on.
/// </remarks>
internal sealed class TokenEndpoint(Authenticator authenticator, AccessPolicy policy, MirrorKeys keys, NameRouter names, OpenedAddresses opened, Challenges challenges, TimeProvider time)
{
    private static readonly TimeSpan LongestForm = TimeSpan.FromSeconds(30);

    /// <summary>How long the whole of a form may take to come, 30 s at the most: whoever asks here has shown nothing yet.</summary>
    public required TimeSpan FormTimeout
    {
        get;
        init => field = value < LongestForm ? value : LongestForm;
    }

    /// <summary>Answers with a token, or refuses.</summary>
    /// <exception cref="BadHttpRequestException">The form has not come within <see cref="FormTimeout"/>.</exception>
    public async Task ServeAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        if (request is null)
        {
            await context.WriteProblemAsync(ProblemTable.TokenRequestInvalid);
            return;
        }

        var origin = context.Record().Origin;
        var shown = await IdentifyAsync(context, request);
        switch (shown.Proof)
        {
            // A token is not among these: one that buys the next would never end.
            case Proof.None:
                await WriteTokenAsync(context, shown.User);
                return;
            case Proof.Password:
                opened.Open(origin, shown.User!);
                await WriteTokenAsync(context, shown.User);
                return;
            case var _ when request.Scopes.Count > 0 && AnonymousMayHave(request, origin):
                await WriteTokenAsync(context, null);
                return;
            case Proof.HeldBack:
                await context.WriteProblemAsync(ProblemTable.TooManyPasswords(shown.RetryAfter));
                return;
            default:
                challenges.Set(context, scope: null, error: null);
                await context.WriteProblemAsync(ProblemTable.WrongPassword);
                return;
        }
    }

    private async Task<TokenRequest?> ReadAsync(HttpContext context)
    {
        using var late = new CancellationTokenSource(FormTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            return await TokenRequest.ReadAsync(context.Request, either.Token);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.Connection = "close";
            throw new BadHttpRequestException("The form has not come in time.", StatusCodes.Status408RequestTimeout, e);
        }
    }

    private async ValueTask<Identification> IdentifyAsync(HttpContext context, TokenRequest request)
    {
        var address = context.Record().Origin.Address;
        if (request.Credentials is { } credentials)
        {
            return Authenticator.Judge(await authenticator.Passwords.CheckAsync(credentials, address));
        }

        return request.HasRefreshToken ? new Identification(Proof.WrongPassword, null) : await authenticator.IdentifyAsync(context.Request.Headers.Authorization, address);
    }

    private bool AnonymousMayHave(TokenRequest request, ClientOrigin origin)
    {
        foreach (var text in request.Scopes)
        {
            if (!TokenScope.TryParse(text, out var scope))
            {
                return false;
            }

            var caller = new Caller(null, origin.Address) { HasMirrorKey = keys.TryCutName(scope.Name, out var name) };
            if (names.Resolve(name, null).Destination is not { } destination
                || !policy.Allows(caller, scope.Actions, destination.Place, destination.Origin is not null))
            {
                return false;
            }
        }

        return true;
    }

    private async Task WriteTokenAsync(HttpContext context, string? user)
    {
        context.Record().User = user;
        var entry = user is null ? null : authenticator.Passwords.Users.Find(user);
        if (user is not null && entry is null)
        {
            // The user was removed a moment ago.
            challenges.Set(context, scope: null, error: null);
            await context.WriteProblemAsync(ProblemTable.WrongPassword);
            return;
        }

        var token = authenticator.Tokens.Issue(entry);
        var body = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("token"u8, token);
            json.WriteString("access_token"u8, token);
            json.WriteNumber("expires_in"u8, (int)TokenSigner.Lifetime.TotalSeconds);
            json.WriteString("issued_at"u8, time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.WriteBodyAsync(body.WrittenMemory);
    }
}
