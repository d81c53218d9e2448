package io.coordinator.server.session;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.server.watch.WatchSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the client of an attached session asks for, frame by frame: its commands, which may take several turns of the
 * transport's thread to look at, then its queries, its sign of life and its watches. On the transport's thread.
 */
final class FrameServing {
    /** Commands that one frame may have, if the node does not take more in flight: the SDK sends so many at once. */
    static final int FRAME_COMMANDS = 1_024;

    private final SessionGateway gateway;
    private final Backlog backlog;
    private final Outbox outbox;
    private final WatchSet watches;
    private final StreamReads reads;
    private final AdmissionTurns turns;
    private final int frameCommandsMax;
    private final Owner owner;
    private volatile long sessionId;
    private volatile @Nullable CommandIntake intake;
    /** The client has said that it will say no more, after the frame that is being looked at. */
    private volatile boolean saidAll;

    /** The stream that the frames came on. */
    interface Owner {
        /** Whether the session is still attached to it. */
        boolean isAttached();

        /** Says why, and ends the stream. */
        void goodbye(Error error);

        /** Ends the stream; the session lives on. */
        void close();
    }

    /**
     * Serves nobody yet.
     *
     * @param inFlightMax how many commands may be unanswered
     */
    FrameServing(
            SessionGateway gateway,
            Backlog backlog,
            Outbox outbox,
            WatchSet watches,
            StreamReads reads,
            AdmissionTurns turns,
            int inFlightMax,
            Owner owner) {
        this.gateway = gateway;
        this.backlog = backlog;
        this.outbox = outbox;
        this.watches = watches;
        this.reads = reads;
        this.turns = turns;
        this.frameCommandsMax = Math.max(inFlightMax, FRAME_COMMANDS);
        this.owner = owner;
    }

    /** Whose frames come from now on, and where their commands go. */
    void attached(long session, CommandIntake commands) {
        sessionId = session;
        intake = commands;
    }

    /** The client will say no more: the stream ends when what it has said is served. */
    void closed() {
        if (turns.isBusy()) {
            saidAll = true;
        } else {
            owner.close();
        }
    }

    /** @param partBytes about what its parts take in the heap, besides what they hold */
    void serve(ClientFrame frame, long partBytes) {
        gateway.heard(sessionId);
        backlog.received(frame.getCommandsCount() + frame.getQueriesCount() + frame.getStartWatchesCount());
        CommandIntake current = intake;
        if (frame.getCommandsCount() == 0 || current == null) {
            serveTheRest(frame);
            return;
        }
        Error fault = faultOf(frame.getCommandsList());
        if (fault == null) {
            propose(frame, partBytes, current);
        } else {
            owner.goodbye(fault);
        }
    }

    private @Nullable Error faultOf(List<Command> commands) {
        if (commands.size() > frameCommandsMax) {
            return SessionRefusals.of(
                    ErrorCode.EINVAL,
                    "a frame has " + commands.size() + " commands, this node takes at most " + frameCommandsMax
                            + "; send the others in another frame");
        }
        for (Command command : commands) {
            if (command.getSessionId() != sessionId || command.getSeq() <= 0 || command.getSkips() != 0) {
                return SessionRefusals.of(
                        ErrorCode.EINVAL, "a command must carry its own session's id, a seq above 0 and no skips");
            }
        }
        return null;
    }

    /** The rest of the frame, and the next ones, come after its commands. */
    private void propose(ClientFrame frame, long partBytes, CommandIntake current) {
        Examination commands = current.examine(frame.getCommandsList(), partBytes);
        turns.begin(commands, new AdmissionTurns.Serving() {
            @Override
            public boolean goesOn() {
                gateway.outgoing().shedIfTooMuch();
                boolean attached = owner.isAttached();
                if (attached) {
                    gateway.heard(sessionId);
                }
                return attached;
            }

            @Override
            public void examined() {
                Optional<Error> end = current.take(commands);
                end.ifPresent(owner::goodbye);
                serveTheRest(frame);
            }
        });
    }

    private void serveTheRest(ClientFrame frame) {
        if (frame.getQueriesCount() > 0) {
            reads.ask(frame.getQueriesList(), lastReceived());
        }
        if (frame.hasKeepAlive()) {
            reads.confirm(frame.getKeepAlive());
        }
        if (frame.getStartWatchesCount() > 0 || frame.getStopWatchesCount() > 0) {
            frame.getStopWatchesList().forEach(watches::stop);
            startWatches(frame.getStartWatchesList());
        }
        gateway.outgoing().shedIfTooMuch();
        backlog.wantFrame();
        if (saidAll) {
            owner.close();
        }
    }

    /** Those that start are bounded by their number; the others are unanswered until the client takes the reasons. */
    private void startWatches(List<StartWatch> starts) {
        List<WatchUpdate> refusals = starts.stream()
                .flatMap(start -> watches.start(gateway.dated(start)).stream())
                .toList();
        backlog.answered(starts.size() - refusals.size());
        if (!refusals.isEmpty()) {
            outbox.watchRefusals(refusals);
        }
        outbox.drain();
    }

    private long lastReceived() {
        CommandIntake current = intake;
        return current == null ? 0 : current.lastReceived();
    }
}
