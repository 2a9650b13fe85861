using System.Globalization;
using System.Text;

namespace Registry.Load.Servers;

/// <summary>Writes nginx's configuration.</summary>
internal static class NginxConfiguration
{
    /// <summary>A server on a port, with sendfile and without logs.</summary>
    public static string Of(int port, string locations, Certificate? certificate) =>
        $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid nginx.pid;
        worker_processes auto;
        worker_rlimit_nofile 20000;
        events { worker_connections 8192; }
        http {
          access_log off;
          error_log stderr error;
          sendfile on;
          tcp_nopush on;
          keepalive_requests 1000000;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:{{port}}{{(certificate is null ? "" : " ssl")}};
            {{(certificate is null ? "" : $"ssl_certificate {certificate.CertificateFile}; ssl_certificate_key {certificate.KeyFile}; ssl_protocols TLSv1.2 TLSv1.3;")}}
            client_max_body_size 0;
            {{locations}}
          }
        }
        """;

    /// <summary>Serves these files, and answers <c>/v2/</c>.</summary>
    public static string Static(IEnumerable<(string Path, string File, string Type)> files) =>
        files.Aggregate(
            new StringBuilder("location = /v2/ { return 200; }\n"),
            static (text, file) => text.AppendLine(CultureInfo.InvariantCulture, $"    location = {file.Path} {{ types {{ }} default_type {file.Type}; alias {file.File}; }}"),
            static text => text.ToString());

    /// <summary>Hands everything on, as distribution's documentation has it.</summary>
    public static string Proxy(Uri server) =>
        $$"""
        location / {
              proxy_pass http://{{server.Authority}};
              proxy_set_header Host $http_host;
              proxy_set_header X-Real-IP $remote_addr;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_buffering off;
              proxy_request_buffering off;
              proxy_read_timeout 900;
            }
        """;
}
