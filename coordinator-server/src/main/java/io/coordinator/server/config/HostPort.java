package io.coordinator.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A network address as people write it: {@code host:port}, an IPv6 host in brackets.
 *
 * @param host a name or a numeric address, without brackets
 * @param port 0 lets the system choose, where that makes sense
 */
public record HostPort(String host, int port) {

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException if the text is not {@code host:port}
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("expected host:port, found '" + text + "'");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address needs brackets: '" + text + "'");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the port of '" + text + "' is not a number", e);
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("the port of '" + text + "' is not in 0..65535");
        }
        return new HostPort(host, port);
    }

    /** Can only this machine reach it? A name that does not resolve counts as reachable from elsewhere. */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
