package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Reply;
import io.coordinator.server.propose.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A stream's commands on their way to the proposer, without a hole in their sequence although some are refused
 * (decision 0009).
 *
 * <p>A refused command is not proposed. Its number is used up by the next admitted command of the session, which tells
 * the core how many numbers before it were refused. If none follows in its frame, one empty command stands in for the
 * whole run; while that one is under way, further refusals wait for it and then share another. Nobody is told of a
 * refusal before the core has used up its number: what was said once stays true after a failover.
 *
 * <p>A refused command that cannot be held back goes to the log, emptied, although the queue may be full, and so does
 * the end of a session. When these have made it much too long, the stream that brings more ends.
 *
 * <p>Commands are looked at before anything is locked, and the applying thread never waits for the lock: whoever has it
 * does what that thread asks for.
 */
final class CommandIntake {
    /** Numbers that one command may use up; far below what a session may leave unacknowledged. */
    static final int RUN_MAX = 4_096;

    private final Gate gate;
    private final Consumer<Proposal> proposer;
    private final Receiver receiver;
    private final ReentrantLock lock = new ReentrantLock();
    /** A stand-in was applied, which whoever has the lock is to see. */
    private final AtomicBoolean standInApplied = new AtomicBoolean();

    private final List<Refused> held = new ArrayList<>();
    private final List<Proposed> open = new ArrayList<>();
    private volatile long lastReceived;
    private boolean standInUnderWay;

    /** What may go to the log. */
    interface Gate {
        /** Why a command must not be proposed. */
        Optional<Error> refuse(Command command);

        /** Why nothing may be proposed, not even what a full queue takes: then the stream must end. */
        default Optional<Error> flooded() {
            return Optional.empty();
        }
    }

    /** Who is told what became of the commands. */
    interface Receiver {
        /** Replies to commands of this stream, in order; on the applying thread. */
        void applied(List<Reply> replies);

        /** This node leads no longer. */
        void leadershipLost();
    }

    /**
     * A command that must not be proposed.
     *
     * @param command without its body, which can be large
     */
    record Refused(Command command, Error error) {}

    /**
     * A command for the log.
     *
     * @param command as it is proposed
     * @param before refused commands whose numbers it uses up
     * @param standIn it is empty, and the last of those refused
     */
    record Proposed(Command command, List<Refused> before, Optional<Error> standIn) {}

    /**
     * An intake for a stream that has just been attached.
     *
     * @param lastSeq the session's last command applied: what is not above is a repetition
     */
    CommandIntake(long lastSeq, Gate gate, Consumer<Proposal> proposer, Receiver receiver) {
        this.lastReceived = lastSeq;
        this.gate = gate;
        this.proposer = proposer;
        this.receiver = receiver;
    }

    /** The session's highest command that has come on this stream, or had been applied before. */
    long lastReceived() {
        return lastReceived;
    }

    /**
     * Begins with the commands of one frame: to be examined, then taken.
     *
     * @param partBytes about what the parts of the frame take in the heap
     */
    Examination examine(List<Command> commands, long partBytes) {
        return new Examination(commands, partBytes, gate);
    }

    /**
     * Takes the commands of one frame. Proposes within the lock, so that the order stays.
     *
     * @param frame all of which was examined
     * @return why the stream must end: nothing of this frame was proposed
     */
    Optional<Error> take(Examination frame) {
        lock.lock();
        try {
            return takeAll(frame);
        } finally {
            lock.unlock();
            goOnIfAsked();
        }
    }

    private Optional<Error> takeAll(Examination frame) {
        for (int i = 0; i < frame.commands().size(); i++) {
            Optional<Error> end = take(frame.commands().get(i), frame.refusal(i));
            if (end.isPresent()) {
                held.clear();
                open.clear();
                return end;
            }
        }
        if (!standInUnderWay) {
            closeRun();
        }
        propose(frame.admittedPartBytes());
        return Optional.empty();
    }

    private Optional<Error> take(Command command, Optional<Error> refusal) {
        boolean next = command.getSeq() == lastReceived + 1;
        lastReceived = Math.max(lastReceived, command.getSeq());
        if (refusal.isPresent() && next) {
            hold(new Refused(IntakeRules.emptied(command), refusal.get()));
            return Optional.empty();
        }
        Optional<Error> flood = gate.flooded();
        if (flood.isEmpty()) {
            goesToLog(command, refusal, next);
        }
        return flood;
    }

    private void goesToLog(Command command, Optional<Error> refusal, boolean next) {
        if (refusal.isEmpty()) {
            admitted(command, next);
        } else {
            // A repetition, or beyond a gap: the core knows the answer.
            closeRun();
            open.add(new Proposed(IntakeRules.emptied(command), List.of(), refusal));
        }
    }

    private void admitted(Command command, boolean next) {
        if (!next) {
            closeRun();
        }
        if (held.isEmpty()) {
            open.add(new Proposed(command, List.of(), Optional.empty()));
        } else {
            Command carrying = command.toBuilder().setSkips(held.size()).build();
            open.add(new Proposed(carrying, List.copyOf(held), Optional.empty()));
            held.clear();
        }
    }

    private void hold(Refused refused) {
        held.add(refused);
        if (held.size() == RUN_MAX) {
            closeRun();
        }
    }

    /** Has an empty command stand in for the refused ones that wait. */
    private void closeRun() {
        if (held.isEmpty()) {
            return;
        }
        int last = held.size() - 1;
        Command standIn = held.get(last).command().toBuilder().setSkips(last).build();
        open.add(new Proposed(
                standIn,
                List.copyOf(held.subList(0, last)),
                Optional.of(held.get(last).error())));
        held.clear();
        standInUnderWay = true;
    }

    /** @param partBytes about what the parts of the commands take in the heap */
    private void propose(long partBytes) {
        if (!open.isEmpty()) {
            proposer.accept(new CommandProposal(this, List.copyOf(open), partBytes));
            open.clear();
        }
    }

    /** A command of this stream was applied. */
    void applied(List<Reply> replies, boolean standIn) {
        receiver.applied(replies);
        if (standIn) {
            standInApplied.set(true);
            goOnIfAsked();
        }
    }

    /** What was refused while a stand-in was under way gets the next one, unless another thread sees to that. */
    private void goOnIfAsked() {
        while (standInApplied.get() && lock.tryLock()) {
            try {
                if (standInApplied.getAndSet(false)) {
                    standInUnderWay = false;
                    closeRun();
                    propose(0);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    void leadershipLost() {
        receiver.leadershipLost();
    }
}
