package io.coordinator.client.internal.session;

import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's way to the cluster: carries calls, in order and at most once each, over whatever streams it takes, and
 * keeps the session alive. Everything but {@link #submit} and the getters happens on the loop, so there are no locks:
 * what is submitted while the loop is busy leaves together in the next frame.
 *
 * <p>This is the door for the rest of the client. Behind it, {@link SessionCalls} knows the calls without an outcome,
 * {@link Connector} and {@link Reception} bring a stream about, {@link Inbound} takes what it brings, {@link
 * LeaseWatch} judges whether the session lives, and {@link SessionEnd} what ends it.
 */
public final class SessionChannel {
    private final Loop loop;
    private final ConnectionStates states;
    private final ClusterTimeBound clock = new ClusterTimeBound();
    private final Attachment attachment;
    private final SessionCalls calls;
    private final Connector connector;
    private final SessionEnd end;
    private final Reception reception;

    public SessionChannel(SessionSettings settings, Loop loop, Transport transport, ConnectionStates states) {
        this.loop = loop;
        this.states = states;
        attachment = new Attachment(new Session(loop::nanoTime));
        LeaseWatch lease = new LeaseWatch(loop, attachment, states);
        calls = new SessionCalls(settings, loop, attachment, lease, this::problem);
        Patience patience = new Patience();
        connector = connector(settings, loop, transport, patience, new Attaching());
        end = new SessionEnd(settings, loop, attachment, calls, lease, connector, states);
        reception = new Reception(settings, loop, patience, attachment, calls, lease, clock, states, connector, end);
    }

    private static Connector connector(
            SessionSettings settings, Loop loop, Transport transport, Patience patience, Connector.Owner owner) {
        Backoff backoff = new Backoff(
                settings.backoffMin(),
                settings.backoffMax(),
                () -> ThreadLocalRandom.current().nextDouble());
        LeaderFinder finder = new LeaderFinder(
                settings.endpoints(),
                backoff,
                settings.connectTimeout(),
                patience,
                below -> ThreadLocalRandom.current().nextInt(below),
                transport::isKnown);
        Duration halfLease = settings.lease().dividedBy(2);
        Duration quarter = halfLease.dividedBy(2);
        Duration busyMax = settings.connectTimeout().compareTo(quarter) < 0
                ? settings.connectTimeout().multipliedBy(2)
                : halfLease;
        return new Connector(
                loop, transport, finder, settings.endpoints(), settings.connectTimeout(), halfLease, busyMax, owner);
    }

    /** What happens until a node attaches the session. */
    private final class Attaching implements Connector.Owner {
        @Override
        public Hello hello() {
            return reception.hello();
        }

        @Override
        public LinkListener onWelcome(Link link, String endpoint, ServerFrame frame, long sentNanos) {
            return reception.onWelcome(link, endpoint, frame, sentNanos);
        }

        @Override
        public void onSessionGone(String why) {
            end.lose(why);
        }

        @Override
        public void onRefused(Error error) {
            end.refuse(error);
        }
    }

    // ---- for others, on any thread ----

    /**
     * Starts to look for the leader.
     *
     * @return completes when the first session is open, or fails for good
     */
    public Promise<Boolean> start() {
        loop.execute(connector::seek);
        return end.opened();
    }

    /**
     * Submits a call; its outcome is told on the loop.
     *
     * @param timeoutNanos how long its caller waits; 0 for ever
     */
    public void submit(Call call, long timeoutNanos) {
        calls.submit(call, timeoutNanos);
    }

    /**
     * Does something on the loop, unless the client is closed; a task that was taken before that runs.
     *
     * @param refused hears that it is closed, on this thread
     */
    public void onLoop(Runnable task, Consumer<CoordinatorException> refused) {
        if (isClosed() || !loop.tryRun(task)) {
            refused.accept(closed(false));
        }
    }

    /** Whether the client is closed, or about to be; on any thread. */
    public boolean isClosed() {
        return end.isClosing();
    }

    /** Takes a call back if it was not sent yet; an unanswered query also if it was. */
    public void withdraw(Call call) {
        calls.withdraw(call);
    }

    /**
     * Closes the session, or gives up soon if the cluster does not answer.
     *
     * @return completes when nothing runs any more
     */
    public Promise<Boolean> close() {
        loop.execute(end::close);
        return end.whenClosed();
    }

    /** What calls of a closed client end with. */
    public static CoordinatorException closed(boolean inFlight) {
        return new ClosedException(
                inFlight ? "the client was closed while the command was in flight" : "the client is closed", inFlight);
    }

    public Loop loop() {
        return loop;
    }

    public ClusterTimeBound clock() {
        return clock;
    }

    /** The session that calls made now belong to. */
    public Session session() {
        return attachment.session();
    }

    /** The address of the node that the session is attached to, or null. */
    public @Nullable String leaderEndpoint() {
        return attachment.endpoint();
    }

    /** Why calls cannot be served now. */
    public CoordinatorException problem(String what) {
        return connector.problem(what);
    }

    /** Whether there is a stream to a leader. */
    public boolean isConnected() {
        ConnectionState state = states.state();
        return state == ConnectionState.CONNECTED || state == ConnectionState.RECONNECTED;
    }

    // ---- for others, on the loop ----

    /** What shows a node that this client owns its session. */
    public Hello hello() {
        return reception.hello();
    }

    /** Every known address. */
    public List<String> endpoints() {
        return connector.endpoints();
    }

    /** Who carries watches over streams; set once, before the start. */
    public void setWatcher(StreamWatcher watcher) {
        attachment.setWatcher(watcher);
    }

    /** Starts a watch on the present stream. */
    public void startWatch(StartWatch watch) {
        send(ClientFrame.newBuilder().addStartWatches(watch));
    }

    /** Stops a watch on the present stream. */
    public void stopWatch(long id) {
        send(ClientFrame.newBuilder().addStopWatches(id));
    }

    private void send(ClientFrame.Builder frame) {
        Stream stream = attachment.stream();
        if (stream != null) {
            stream.send(frame.build());
        }
    }

    /** Watches a deadline that is no call's own. */
    public void addDeadline(DeadlineWheel.Timeout timeout, long deadlineNanos) {
        calls.addDeadline(timeout, deadlineNanos);
    }

    public void removeDeadline(DeadlineWheel.Timeout timeout) {
        calls.removeDeadline(timeout);
    }
}
