package io.coordinator.client.internal.work;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionHolding;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A worker's registration in one session: it hears of work, and says what became of it. Lives on the loop. */
public abstract class WorkerRegistration extends CommandCall implements SessionHolding {
    /** The answer to a leave can overtake work that was given before it. */
    private static final long STRAGGLERS_NANOS = Duration.ofMinutes(1).toNanos();

    private final SessionChannel channel;
    private final LiveWorker<?> worker;
    private final HeldRuns held = new HeldRuns();
    private @Nullable Session session;
    private long member;

    /** One that was not sent yet. */
    protected WorkerRegistration(SessionChannel channel, LiveWorker<?> worker, Command.Builder envelope, int bytes) {
        super(envelope, bytes);
        this.channel = channel;
        this.worker = worker;
    }

    // ---- what a type makes of it ----

    /** By which number the cluster knows the worker; empty if the reply is another one. */
    protected abstract OptionalLong member(Reply reply);

    /** Tells the cluster to give it nothing more; whether it was there. */
    protected abstract Promise<Boolean> tellLeave(long memberNumber, boolean drain);

    // ---- for the type ----

    /** The session in which it was sent. */
    protected final Session session() {
        if (session == null) {
            throw new IllegalStateException("the worker for " + worker.work() + " was answered before it was sent");
        }
        return session;
    }

    /** The work that the cluster has given to it. */
    protected final HeldRuns held() {
        return held;
    }

    /** All of its work is lost. */
    protected final void loseAll() {
        held.loseAll();
    }

    /**
     * Says something in this session, however long that takes.
     *
     * @param bytes of the body
     * @param decoder reads a reply that is no error
     */
    public final <T> Promise<T> tell(Command.Builder envelope, int bytes, Function<Reply, T> decoder) {
        Promise<T> told = Promises.direct().make();
        channel.submit(
                new ValueCommand<>(envelope, bytes, told, decoder).persistent().boundTo(session()), 0);
        return told;
    }

    /** Whether the cluster certainly has its session. On any thread, once it is registered. */
    final boolean isLive() {
        return session().isLive();
    }

    // ---- registering ----

    @Override
    protected final void onSequenced(Session current, long seq) {
        session = current;
        current.hold(seq, this);
    }

    @Override
    protected final void onReply(Reply reply) {
        if (reply.hasError()) {
            refused(Errors.of(reply.getError(), envelope()));
            return;
        }
        OptionalLong number = member(reply);
        if (number.isEmpty()) {
            refused(Errors.unexpectedAnswer(reply.getOutcomeCase()));
        } else if (session().hasEnded()) {
            refused(SessionChannel.closed(true));
        } else {
            member = number.getAsLong();
            worker.onRegistered(this);
        }
    }

    private void refused(CoordinatorException why) {
        session().drop(seq());
        worker.onRefused(why);
    }

    @Override
    protected final void onDeadline(CoordinatorException why) {
        worker.onUnanswered(why);
    }

    @Override
    protected final void onFailure(CoordinatorException why) {
        worker.onRefused(why);
    }

    // ---- its end ----

    /** Gets nothing more. */
    final Promise<Boolean> leave(boolean drain) {
        Promise<Boolean> outcome = Promises.direct().make();
        var unused = tellLeave(member, drain).whenComplete((was, error) -> {
            forgetLater();
            if (error == null) {
                outcome.succeed(was);
            } else if (error instanceof SessionExpiredException || error instanceof ClosedException) {
                outcome.succeed(false); // It has ended with its session.
            } else {
                outcome.fail(error);
            }
        });
        return outcome;
    }

    /** There will be nothing more, apart from what is on its way. */
    final void forgetLater() {
        channel.loop().schedule(this::forget, STRAGGLERS_NANOS);
    }

    private void forget() {
        if (held.isEmpty()) {
            session().drop(seq());
        } else {
            forgetLater();
        }
    }

    /** It may be resumed, and what handlers have made by then still counts. */
    @Override
    public final void onLeasePassed() {}

    @Override
    public final void onSessionEnded(boolean closedByClient) {
        held.forgetAll();
        worker.onSessionEnded(this, closedByClient);
    }
}
