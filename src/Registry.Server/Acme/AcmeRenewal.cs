using Microsoft.Extensions.Logging;
using Registry.Server.Tls;

namespace Registry.Server.Acme;

/// <summary>
/// Keeps the certificate of an authority in force: what the state holds at the start, else a self-made one; a new one when two thirds of its life are over.
/// Whatever fails, what is in force stays. For one thread.
/// </summary>
internal sealed class AcmeRenewal
{
    /// <summary>Share of a life after which a certificate is renewed, and what chance adds at most: not all servers of the world at once.</summary>
    private const double RenewAt = 2.0 / 3;

    private const double MaxJitter = 1.0 / 30;

    /// <summary>The first pause after a failure; each further one is twice as long. Keeps below the five failures an hour that Let's Encrypt allows.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    private readonly AcmeOptions _options;
    private readonly AcmeIssuer _issuer;
    private readonly CurrentCertificate _current;
    private readonly AcmeStateFile _file;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private AcmeState _state;

    /// <summary>Puts a certificate in force.</summary>
    /// <exception cref="CertificateException">The state cannot be read.</exception>
    public AcmeRenewal(AcmeOptions options, AcmeIssuer issuer, CurrentCertificate current, TimeProvider time, Random random, ILogger logger)
    {
        (_options, _issuer, _current, _time, _random, _logger) = (options, issuer, current, time, random, logger);
        _file = new AcmeStateFile(options.CacheFile);
        _state = _file.Read(out var problem) ?? new AcmeState { Directory = options.Directory, AccountKey = AccountKey.CreatePem() };
        if (problem is not null)
        {
            AcmeLog.StateUnusable(logger, problem);
        }

        var isKeyUsable = AccountKey.IsUsable(_state.AccountKey);
        if (!isKeyUsable)
        {
            AcmeLog.StateUnusable(logger, $"'{options.CacheFile}' does not hold the key of an account");
        }

        if (!isKeyUsable || _state.Directory != options.Directory)
        {
            // Another authority, or another key, knows nothing of the account. Its certificate serves until there is one of this.
            _state = _state with { Directory = options.Directory, AccountKey = AccountKey.CreatePem(), Account = null, Hosts = [] };
        }

        if (!TrySetStored())
        {
            current.Set(HostCertificate.SelfMade(options.Hosts, time.GetUtcNow()), "the self-made certificate and its key");
        }

        Due = FindDue();
    }

    /// <summary>When the next certificate is ordered.</summary>
    public DateTimeOffset Due { get; private set; }

    private bool IsStored => _state is { Certificate: not null, Key: not null };

    /// <summary>Orders certificates when they are due, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (true)
        {
            await WaitForDueAsync(stop);
            try
            {
                await IssueAsync(stop);
                failures = 0;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                // Whatever it was, the next attempt may succeed, and nothing but an attempt brings a certificate.
                var pause = PauseAfter(++failures, (e as AcmeException)?.RetryAfter);
                Due = _time.GetUtcNow() + pause;
                AcmeLog.Failed(_logger, string.Join(", ", _options.Hosts), e is OperationCanceledException ? "the authority does not answer" : e.Message, Due);
            }
        }
    }

    private async Task IssueAsync(CancellationToken stop)
    {
        // Where nothing can be kept, nothing is ordered: each attempt would be one more certificate, until the authority gives none any more.
        Save(_state);
        AcmeLog.Ordering(_logger, string.Join(", ", _options.Hosts), _options.Directory.Host);
        var issued = await _issuer.IssueAsync(_state, Save, stop);
        _current.Set(new CertificatePair(issued.Certificate!, issued.Key!), "the issued certificate and its key");
        Save(issued);
        Due = FindDue();
        AcmeLog.Issued(_logger, string.Join(", ", _options.Hosts), _current.Expiry!.Value, Due);
    }

    private void Save(AcmeState state)
    {
        _state = state;
        _file.Write(state);
    }

    private bool TrySetStored()
    {
        if (!IsStored)
        {
            return false;
        }

        try
        {
            _current.Set(new CertificatePair(_state.Certificate!, _state.Key!), "the stored certificate and its key");
            return true;
        }
        catch (CertificateException e)
        {
            AcmeLog.StateUnusable(_logger, e.Message);
            _state = _state with { Certificate = null, Key = null, Hosts = [] };
            return false;
        }
    }

    private DateTimeOffset FindDue()
    {
        if (!IsStored || !_state.Hosts.SequenceEqual(_options.Hosts, StringComparer.OrdinalIgnoreCase))
        {
            return _time.GetUtcNow();
        }

        var (from, until) = _current.Life;
        return from + ((until - from) * (RenewAt + (_random.NextDouble() * MaxJitter)));
    }

    private TimeSpan PauseAfter(int failures, TimeSpan? retryAfter)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10)) * (0.8 + (_random.NextDouble() * 0.4));
        pause = pause < LongestPause ? pause : LongestPause;
        return retryAfter is { } wish && wish > pause ? (wish < LongestRetryAfter ? wish : LongestRetryAfter) : pause;
    }

    // The clock may be set while it waits, and a timer cannot wait for as long as a certificate lives.
    private async Task WaitForDueAsync(CancellationToken stop)
    {
        var longest = TimeSpan.FromHours(1);
        while (Due - _time.GetUtcNow() is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < longest ? rest : longest, _time, stop);
        }
    }
}
