namespace Registry.Server.Logging;

/// <summary>The forms of an application log line that distribution knows (<c>log.formatter</c>).</summary>
public enum LogForm
{
    /// <summary><c>time="…" level=info msg="…" key=value</c>.</summary>
    Text,

    /// <summary>One JSON object with <c>time</c>, <c>level</c>, <c>msg</c>.</summary>
    Json,

    /// <summary>One JSON object with <c>@timestamp</c>, <c>@version</c>, <c>level</c>, <c>message</c>.</summary>
    Logstash,
}
