package io.coordinator.client.internal.session;

import java.time.Duration;
import java.util.List;

/**
 * What a session needs of the client's settings.
 *
 * @param endpoints addresses as configured, names not looked up
 * @param cluster the cluster's name; empty accepts any
 * @param clientName shown to operators
 * @param authToken the shared secret; empty if there is none
 * @param lease how long the session survives without contact
 * @param keepAliveInterval the time between keep-alives
 * @param connectTimeout how long one node may take to answer before the next is tried
 * @param backoffMin the first pause between two rounds of nodes
 * @param backoffMax the longest one
 * @param failFast whether calls fail at once while there is no connection
 * @param replaceSession whether a lost session is replaced by a new one
 * @param pendingCallsMax how many calls may wait for their answers
 * @param pendingBytesMax how many bytes those calls may have
 */
public record SessionSettings(
        List<String> endpoints,
        String cluster,
        String clientName,
        String authToken,
        Duration lease,
        Duration keepAliveInterval,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        boolean failFast,
        boolean replaceSession,
        int pendingCallsMax,
        long pendingBytesMax) {

    public SessionSettings {
        endpoints = List.copyOf(endpoints);
    }
}
