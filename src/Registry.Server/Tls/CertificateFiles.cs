using Microsoft.Extensions.Logging;

namespace Registry.Server.Tls;

/// <summary>
/// Takes the pair of two files when they change. What stands in them is compared, so it does not matter how they are replaced: written over, renamed,
/// or led elsewhere by a link above them. For one thread.
/// </summary>
internal sealed class CertificateFiles(string certificateFile, string keyFile, CurrentCertificate current, ILogger logger)
{
    private CertificatePair? _inForce;
    private object? _seen;
    private object? _refused;

    private string What => $"'{certificateFile}' and '{keyFile}'";

    /// <summary>Takes the pair that is there at the start.</summary>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public void Load()
    {
        var pair = CertificatePair.Read(certificateFile, keyFile);
        current.Set(pair, What);
        _inForce = pair;
    }

    /// <summary>Looks once whether there is another pair. One that cannot be used is refused and logged, once it has stayed so for two looks: it may be half written.</summary>
    public void Look()
    {
        object found;
        string? problem;
        try
        {
            var pair = CertificatePair.Read(certificateFile, keyFile);
            if (pair == _inForce)
            {
                (_seen, _refused) = (null, null);
                return;
            }

            found = pair;
            problem = Take(pair);
        }
        catch (CertificateException e)
        {
            (found, problem) = (e.Message, e.Message);
        }

        if (problem is not null && found.Equals(_seen) && !found.Equals(_refused))
        {
            _refused = found;
            TlsLog.Refused(logger, problem);
        }

        _seen = found;
    }

    private string? Take(CertificatePair pair)
    {
        try
        {
            current.Set(pair, What);
        }
        catch (CertificateException e)
        {
            return e.Message;
        }

        _inForce = pair;
        TlsLog.Taken(logger, certificateFile, current.Expiry!.Value);
        return null;
    }
}
