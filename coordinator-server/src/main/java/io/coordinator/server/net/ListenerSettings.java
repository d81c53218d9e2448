package io.coordinator.server.net;

import io.coordinator.server.session.AuthToken;
import io.coordinator.state.Limits;
import java.util.Optional;

/**
 * What the client port requires.
 *
 * @param limits of commands; a frame can be a little larger than the largest
 * @param token what callers must show
 * @param members what members show, if they can
 * @param connectionsMax connections that it takes
 * @param connectionsPerAddressMax those that one address may have
 * @param callsMax calls without a session that may be unanswered
 * @param inboundBytesMax of messages that have not arrived in full
 */
public record ListenerSettings(
        Limits limits,
        AuthToken token,
        Optional<MemberProof> members,
        int connectionsMax,
        int connectionsPerAddressMax,
        int callsMax,
        int inboundBytesMax) {}
