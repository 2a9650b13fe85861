using System.Text;
using System.Text.RegularExpressions;
using Registry.Storage.Content;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>What a server has promised so far by its answers, as heard on its sockets: what it said 201 to, until somebody asks for its deletion.</summary>
internal sealed partial class Promises
{
    private const int MaxHead = 4096;

    private readonly Dictionary<string, Request> _asked = new(StringComparer.Ordinal);

    /// <summary>How many 201s were said.</summary>
    public int Created { get; private set; }

    /// <summary>The blobs that a repository must have.</summary>
    public HashSet<(RepositoryName Repository, Digest Digest)> Blobs { get; } = [];

    /// <summary>The manifests that a repository must have.</summary>
    public HashSet<(RepositoryName Repository, Digest Digest)> Manifests { get; } = [];

    /// <summary>The tags that must be there, and what they mean; null where a change was asked for and not answered yet: any whole manifest.</summary>
    public Dictionary<(RepositoryName Repository, Tag Tag), Digest?> Tags { get; } = [];

    /// <summary>Hears a call; whether it is the beginning of an answer that says that something was done.</summary>
    public bool Hear(TracedCall call)
    {
        switch (call.Name)
        {
            case "recvfrom" or "recvmsg" when call.HasSucceeded && call.Open is { } socket && RequestLine().Match(Head(call)) is { Success: true } line:
                _asked[socket] = new Request(line.Groups["method"].Value, line.Groups["name"].Value, line.Groups["kind"].Value, line.Groups["reference"].Value);
                Ask(_asked[socket]);
                return false;
            case "sendto" or "sendmsg" when !call.IsOver && call.Open is { } socket && Answer().Match(Head(call)) is { Success: true } answer:
                return _asked.Remove(socket, out var request) && Told(request, answer);
            default:
                return false;
        }
    }

    // What is being deleted may be gone or not.
    private void Ask(Request asked)
    {
        var repository = RepositoryName.Parse(asked.Name);
        var isDigest = Digest.TryParse(asked.Reference, out var digest);
        switch (asked.Method, asked.Kind)
        {
            case ("DELETE", "blobs") when isDigest:
                Blobs.Remove((repository, digest));
                break;
            case ("DELETE", "manifests") when isDigest:
                Manifests.Remove((repository, digest));
                foreach (var key in Tags.Where(pair => pair.Key.Repository == repository && pair.Value == digest).Select(static pair => pair.Key).ToList())
                {
                    Tags.Remove(key);
                }

                break;
            case ("DELETE", "manifests"):
                Tags.Remove((repository, Tag.Parse(asked.Reference)));
                break;
            case ("PUT", "manifests") when !isDigest && Tags.ContainsKey((repository, Tag.Parse(asked.Reference))):
                Tags[(repository, Tag.Parse(asked.Reference))] = null;
                break;
        }
    }

    private bool Told(Request request, Match answer)
    {
        if (answer.Groups["status"].Value != "201")
        {
            return request.Method == "DELETE";
        }

        Created++;
        var repository = RepositoryName.Parse(request.Name);
        var digest = Digest.Parse(answer.Groups["digest"].Value);
        if (request.Kind == "blobs")
        {
            Blobs.Add((repository, digest));
            return true;
        }

        Manifests.Add((repository, digest));
        if (!Digest.TryParse(request.Reference, out _))
        {
            Tags[(repository, Tag.Parse(request.Reference))] = digest;
        }

        return true;
    }

    private static string Head(TracedCall call) => call.Strings is [var first, ..] ? Encoding.ASCII.GetString(first.AsSpan(0, Math.Min(first.Length, MaxHead))) : "";

    [GeneratedRegex("^(?<method>PUT|POST|PATCH|DELETE) /v2/(?<name>.+?)/(?<kind>blobs|manifests)/(?<reference>[^ ?]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RequestLine();

    [GeneratedRegex("^HTTP/1.1 (?<status>20[12])(.*?\r\nDocker-Content-Digest: (?<digest>\\S+))?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Answer();

    private sealed record Request(string Method, string Name, string Kind, string Reference);
}
