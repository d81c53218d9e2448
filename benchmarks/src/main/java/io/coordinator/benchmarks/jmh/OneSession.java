package io.coordinator.benchmarks.jmh;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.state.Coordinator;

/** A core's only session. */
final class OneSession {
    private OneSession() {}

    /** Opens it in the core's first entry. */
    static long open(Coordinator core) {
        OpenSession open = OpenSession.newBuilder()
                .setResumeToken(ByteString.copyFromUtf8("0123456789abcdef"))
                .setLeaseMillis(60_000)
                .setClientName("benchmark")
                .build();
        Command command = Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setOpen(open))
                .build();
        return core.apply(1, Entry.newBuilder().addCommands(command).build())
                .replies()
                .get(0)
                .getSession()
                .getOpened()
                .getSessionId();
    }
}
