package io.coordinator.client.internal.durable;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionHolding;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.GroupJoined;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group, from the wish to join it until it has left: joins again with each new session, and has the
 * leases of its messages extended while they are wanted. Lives on the loop, except {@link #settle}, {@link #drain} and
 * {@link #leave}.
 */
final class GroupMember implements SessionHolding {
    private static final long RETRY_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Calls calls;
    private final SessionChannel channel;
    private final Promises promises;
    private final GroupTarget target;
    private final ConsumeOptions options;
    private final Sink sink;
    private final Settlements settlements;
    private final MemberLeases leases;

    private @Nullable Session session;
    private long seq;
    private long ticket;
    private long retryNanos = RETRY_MIN_NANOS;
    private boolean joinPending;
    private boolean leaving;
    private boolean ended;

    /** Who takes the messages. Called on the loop, where nothing may block. */
    interface Sink {
        void onJoined();

        /** All that it has is lost; it joins again. */
        void onLost();

        void onTurn(long token);

        void onDelivered(List<LeasedDelivery> deliveries);

        /** It has ended without having been told to leave. */
        void onEnd(CoordinatorException why);
    }

    GroupMember(Calls calls, ClientSide side, GroupTarget target, ConsumeOptions options, Sink sink) {
        this.calls = calls;
        this.channel = calls.channel();
        this.promises = side.promises();
        this.target = target;
        this.options = options;
        this.sink = sink;
        this.settlements = new Settlements(channel, target, Times.nanos(calls.timeout()));
        this.leases = new MemberLeases(channel.loop(), settlements, Times.nanos(options.handlingMax()));
    }

    /** Of stages that user code sees. */
    Promises promises() {
        return promises;
    }

    /** Joins as soon as there is a leader. */
    void join() {
        channel.onLoop(this::submitJoining, this::end);
    }

    /** Settles or extends a delivery; on any thread. */
    Promise<Boolean> settle(LeasedDelivery delivery, Settlement settlement) {
        Promise<Boolean> outcome = promises.make();
        channel.onLoop(
                () -> {
                    if (settlement.getKind() != Settlement.Kind.EXTEND) {
                        leases.remove(delivery.token());
                    }
                    settlements.add(delivery, settlement, outcome);
                    forgetIfDrained();
                },
                closed -> outcome.succeed(false));
        return outcome;
    }

    /** Gets nothing more; what it has may still be settled. */
    void drain() {
        channel.loop().run(() -> {
            leaving = true;
            submitLeaving(true, this::forgetIfDrained);
        });
    }

    /** What is on its way here goes to others with the second leaving. */
    private void forgetIfDrained() {
        if (leaving && !joinPending && leases.isEmpty()) {
            settlements.afterAll(() -> submitLeaving(false, () -> {
                forget();
                stop();
            }));
        }
    }

    /**
     * Leaves the group, when what was settled has been told: others get what is left.
     *
     * @param left runs on the loop when that is done, or cannot be done any more
     */
    void leave(Runnable left) {
        boolean taken = channel.loop().tryRun(() -> {
            leaving = true;
            settlements.afterAll(() -> {
                leases.loseAll();
                stop();
                submitLeaving(false, left);
            });
        });
        if (!taken) {
            left.run();
        }
    }

    /** Where the joining is on its way, its answer is followed by the leaving. */
    private void submitLeaving(boolean drain, Runnable done) {
        Session current = session;
        if (current == null || ticket == 0) {
            done.run();
            return;
        }
        Command.Builder leave = target.leave(ticket, drain);
        SilentCommand command = drain
                ? SilentCommand.cleanup(leave, current, done)
                : SilentCommand.undo(leave, current, seq, done); // News of deliveries can come behind its answer.
        channel.submit(command, 0);
    }

    // ---- joining ----

    private void submitJoining() {
        if (!leaving && !ended) {
            joinPending = true;
            channel.submit(new Joining(), 0);
        }
    }

    private void joinLater() {
        var unused = channel.loop().schedule(this::submitJoining, retryNanos);
        retryNanos = Math.min(2 * retryNanos, RETRY_MAX_NANOS);
    }

    private final class Joining extends CommandCall {
        Joining() {
            super(target.join(options.prefetch()), 64);
        }

        @Override
        protected void onSequenced(Session current, long number) {
            session = current;
            seq = number;
            current.hold(number, GroupMember.this);
        }

        @Override
        protected void onReply(Reply reply) {
            if (reply.hasError()) {
                refused(Errors.of(reply.getError(), envelope()));
            } else {
                joined(reply.getTopic().getJoined());
            }
        }

        @Override
        protected void onFailure(CoordinatorException why) {
            refused(why);
        }

        @Override
        protected void onDeadline(CoordinatorException why) {}
    }

    private void joined(GroupJoined reply) {
        joinPending = false;
        ticket = reply.getMember();
        retryNanos = RETRY_MIN_NANOS;
        if (leaving) {
            submitLeaving(false, this::stop);
            return;
        }
        leases.renew(reply.getSettings().getVisibilityMillis());
        sink.onJoined();
    }

    private void refused(CoordinatorException why) {
        joinPending = false;
        Session current = session;
        if (current != null) {
            current.drop(seq);
        }
        session = null;
        boolean passes = why.retryable() || why instanceof io.coordinator.client.error.SessionExpiredException;
        if (passes && !channel.isClosed()) {
            joinLater();
        } else {
            end(why);
        }
    }

    private void end(CoordinatorException why) {
        if (!ended) {
            leases.loseAll();
            stop();
            if (!leaving) {
                sink.onEnd(why);
            }
        }
    }

    private void stop() {
        ended = true;
        leases.stopRenewing();
    }

    // ---- what it has ----

    @Override
    public void onEvent(Event event) {
        TopicEvent topic = event.getTopic();
        switch (topic.getOutcomeCase()) {
            case DELIVERED -> delivered(topic.getDelivered().getMessagesList());
            case TURN_STARTED -> sink.onTurn(topic.getTurnStarted().getToken());
            case LOST -> lost(topic.getLost().getToken());
            case ENDED -> {
                forget();
                end(new KeyNotFoundException(target + " was deleted, so nothing more comes: "
                        + topic.getEnded().getReason()));
            }
            case OUTCOME_NOT_SET -> {} // Of a newer cluster, which knows that this client does not understand it.
        }
    }

    private void delivered(List<LeasedMessage> messages) {
        Session current = session;
        if (current == null || ended) {
            return; // Whatever it has goes to others with its session.
        }
        List<LeasedDelivery> deliveries = new ArrayList<>(messages.size());
        for (LeasedMessage message : messages) {
            LeasedDelivery delivery =
                    new LeasedDelivery(this, current, message, target.topic().name(), calls.json());
            leases.add(delivery);
            deliveries.add(delivery);
        }
        if (leaving) {
            List.copyOf(deliveries).forEach(LeasedDelivery::giveBack);
        } else {
            sink.onDelivered(deliveries);
        }
    }

    private void lost(long token) {
        LeasedDelivery delivery = leases.remove(token);
        if (delivery != null) {
            delivery.lost();
        }
    }

    private void forget() {
        Session current = session;
        if (current != null) {
            current.drop(seq);
        }
        session = null;
        ticket = 0;
    }

    // ---- the session ----

    /** The cluster decides by the leases: the session may yet be resumed. */
    @Override
    public void onLeasePassed() {}

    @Override
    public void onSessionEnded(boolean closedByClient) {
        boolean member = ticket != 0;
        leases.stopRenewing();
        leases.loseAll();
        if (closedByClient) {
            end(SessionChannel.closed(false)); // What is on its way to it comes to nothing, and is expected.
            return;
        }
        forget();
        if (member && !leaving && !ended) {
            sink.onLost();
            joinLater();
        }
    }
}
