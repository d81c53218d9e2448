package io.coordinator.server.session;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;

/** The refusals that sessions meet. */
final class SessionRefusals {
    private SessionRefusals() {}

    static Error of(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }

    static Error notLeader(LeaderView leadership) {
        String address = leadership.leaderAddress();
        return Error.newBuilder()
                .setCode(ErrorCode.ENOTLEADER)
                .setMessage(address.isEmpty() ? "no leader is known; try again" : "the leader is at " + address)
                .setLeaderAddress(address)
                .build();
    }

    static Error slowConsumer(LeaderView leadership) {
        return of(
                        ErrorCode.ESLOWCONSUMER,
                        "this client does not take what it is sent; its session goes on, resume it and read on")
                .toBuilder()
                .setLeaderAddress(leadership.leaderAddress())
                .build();
    }

    static Error resumedElsewhere() {
        return of(ErrorCode.EDISCONNECTED, "the session was resumed on another connection");
    }

    static Error sessionEnded() {
        return of(ErrorCode.ESESSION, "the session has ended; open a new one");
    }
}
