package io.coordinator.client.internal.net;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of a node's address: {@code host:port}, where an IPv6 address is in brackets. */
public final class Endpoints {
    /** What no name of a host has, whatever its script; half of a surrogate pair is among it. */
    private static final Pattern NOT_IN_HOSTS =
            Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cf}\\p{Cs}/?#@\\\\%\"'<>{}|^`;,=&+*!$()~\\[\\]]");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern FOUR_NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");
    private static final int PORT_MAX = 65_535;
    private static final int HOST_CHARS_MAX = 253;

    private Endpoints() {}

    /** Why nobody can connect to an endpoint of this form, whatever the network; empty if somebody may. */
    public static Optional<String> fault(String endpoint) {
        if (endpoint.contains("://")) {
            return Optional.of("it has a scheme, which is left out");
        }
        int colon = endpoint.lastIndexOf(':');
        if (colon < 0 || endpoint.endsWith("]")) {
            return Optional.of("it has no port");
        }
        String hostFault = hostFault(endpoint.substring(0, colon));
        return Optional.ofNullable(hostFault != null ? hostFault : portFault(endpoint.substring(colon + 1)));
    }

    private static @Nullable String hostFault(String host) {
        if (host.isEmpty()) {
            return "it has no host";
        } else if (host.startsWith("[")) {
            boolean isAddress = host.endsWith("]") && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1));
            return isAddress ? null : "what is in brackets must be an IPv6 address";
        } else if (host.indexOf(':') >= 0) {
            return "an IPv6 address must be in brackets, and other hosts have no colon";
        } else if (FOUR_NUMBERS.matcher(host).matches() && !NetUtil.isValidIpV4Address(host)) {
            return "a number of an IPv4 address must be from 0 to 255";
        }
        return nameFault(host);
    }

    private static @Nullable String nameFault(String host) {
        if (NOT_IN_HOSTS.matcher(host).find()) {
            return "its host has a space or another character that no host has";
        } else if (host.startsWith(".") || host.contains("..")) {
            return "its host has an empty part";
        }
        return host.length() > HOST_CHARS_MAX + 1 ? "its host is longer than " + HOST_CHARS_MAX + " characters" : null;
    }

    private static @Nullable String portFault(String port) {
        boolean isPort =
                PORT.matcher(port).matches() && Integer.parseInt(port) > 0 && Integer.parseInt(port) <= PORT_MAX;
        return isPort ? null : "its port must be a number from 1 to " + PORT_MAX;
    }
}
