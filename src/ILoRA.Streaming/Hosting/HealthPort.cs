using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ILoRA.Streaming.Hosting;

/// <summary>
/// The port of health and metrics, tried before anything is started: the host starts the web server last, when workers already ask the
/// brokers, and logs its failure with a stack trace.
/// </summary>
internal static class HealthPort
{
    /// <returns>Why the port cannot be opened, and what helps; null where it can be, or none is wanted.</returns>
    public static string? Refusal(HostingOptions host)
    {
        if (host.Port == 0)
            return null;
        try
        {
            foreach (var address in Addresses(host.Address))
            {
                // Two sockets may be bound to one port as long as neither listens.
                using var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(address, host.Port));
                socket.Listen();
            }
            return null;
        }
        catch (SocketException refused)
        {
            var reason = refused.Message.TrimEnd('.');
            return $"{host.Address}:{host.Port} cannot be opened for health and metrics ({reason}); give another --port.";
        }
    }

    /// <summary>As the web server opens them; of localhost it takes ::1 too, where there is one.</summary>
    private static IEnumerable<IPAddress> Addresses(string name) => name switch
    {
        "localhost" => [IPAddress.Loopback],
        "*" => [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any],
        _ => [IPAddress.Parse(name.Trim('[', ']'))],
    };
}
