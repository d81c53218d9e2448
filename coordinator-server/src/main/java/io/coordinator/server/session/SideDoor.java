package io.coordinator.server.session;

import static java.util.Objects.requireNonNull;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;
import io.coordinator.state.SessionView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets clients in on further streams beside that of their session, if they know its secret. */
public final class SideDoor {
    private final Handshake handshake;
    private final ReadGate gate;
    private final LeaderView leadership;

    SideDoor(Handshake handshake, ReadGate gate, LeaderView leadership) {
        this.handshake = handshake;
        this.gate = gate;
        this.leadership = leadership;
    }

    /** Who knocks; told once, on any thread. */
    public interface Guest {
        /** This node leads, the session is there, and the secret is its own. */
        void admitted(SessionView session);

        void refused(Error error);
    }

    /** Looks at what the guest shows, and tells it. */
    public void greet(Hello hello, Caller caller, Guest guest) {
        Optional<Error> refusal = handshake.refuse(hello, caller);
        if (refusal.isPresent()) {
            guest.refused(refusal.get());
        } else if (leadership.state() != LeaderView.State.SERVING) {
            guest.refused(SessionRefusals.notLeader(leadership));
        } else {
            gate.submit(new Look(hello, guest));
        }
    }

    /** Where this node believes the leader to be, for those who are sent there. */
    public Error notLeader() {
        return SessionRefusals.notLeader(leadership);
    }

    private final class Look implements GatedRead {
        private final Hello hello;
        private final Guest guest;
        private Optional<Error> found = Optional.empty();
        private @Nullable SessionView session;

        Look(Hello hello, Guest guest) {
            this.hello = hello;
            this.guest = guest;
        }

        @Override
        public void evaluate(Coordinator core, ReadTurn turn) {
            SessionView view = core.session(hello.getSessionId()).orElse(null);
            session = view;
            if (view == null) {
                found = Optional.of(SessionRefusals.sessionEnded());
            } else if (!Handshake.same(view.resumeToken().toByteArray(), hello.getResumeToken())) {
                found = Optional.of(
                        SessionRefusals.of(ErrorCode.EAUTH, "the resume token is not this session's; show its own"));
            } else {
                found = Optional.empty();
            }
        }

        @Override
        public void release() {
            found.ifPresentOrElse(guest::refused, () -> guest.admitted(requireNonNull(session)));
        }

        @Override
        public void refuse(Error error) {
            guest.refused(SessionRefusals.notLeader(leadership));
        }
    }
}
