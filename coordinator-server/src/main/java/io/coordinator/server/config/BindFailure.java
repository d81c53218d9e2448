package io.coordinator.server.config;

import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;

/** What to tell somebody whose node cannot listen on an address. */
public final class BindFailure {
    private static final int CAUSES_MAX = 20;

    private BindFailure() {}

    /**
     * Why not, and what to do.
     *
     * @param key of the configuration that names the address
     * @return empty if the failure has another reason
     */
    public static Optional<String> explain(Key<HostPort> key, HostPort address, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            Optional<String> found = reason(key.name(), address, cause);
            if (found.isPresent()) {
                return found.map(reason -> key.name() + ": " + reason);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Optional<String> reason(String key, HostPort address, Throwable cause) {
        // What is no BindException, since it comes from native code, has the same text.
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("address already in use")) {
            return Optional.of("port " + address.port() + " is in use at " + address
                    + ": another process listens there, perhaps a node that still runs. See which one with"
                    + " `ss -ltnp sport = :" + address.port() + "` and end it, or set " + key + " to another port");
        }
        if (text.contains("cannot assign requested address") || cause instanceof UnresolvedAddressException) {
            return Optional.of(
                    "this host has no address " + address.host() + ": use one of its own, or 0.0.0.0 for all of them");
        }
        if (cause instanceof BindException && text.contains("permission denied")) {
            return Optional.of(
                    "this user may not listen on port " + address.port() + ": set " + key + " to a port above 1023");
        }
        return Optional.empty();
    }
}
