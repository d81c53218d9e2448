package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries nodes until one attaches the session. Lives on the loop. */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private final Loop loop;
    private final Transport transport;
    private final LeaderFinder finder;
    private final List<String> configured;
    private final Duration namesTimeout;
    private final Duration waitMax;
    private final Duration busyMax;
    private final Owner owner;

    private boolean seeking;
    private @Nullable Attempt current;
    private Loop.Timer pause = Loop.Timer.NONE;
    /** What goes on when a name has been looked up; null if nothing waits for that. */
    private @Nullable Runnable firstWord;

    private final ConnectionProblem problem = new ConnectionProblem();

    /** Whose session is to be attached. */
    interface Owner {
        /** The first frame of a stream. */
        Hello hello();

        /** A node attached the session; the rest of the stream goes to the listener returned. */
        LinkListener onWelcome(Link link, String endpoint, ServerFrame welcome, long sentNanos);

        /** The cluster does not know the session any more. */
        void onSessionGone(String why);

        /** Trying again is useless. */
        void onRefused(Error error);
    }

    /**
     * Seeks nothing yet.
     *
     * @param namesTimeout how long to wait for the first of the names, if there are only names
     * @param waitMax how long an attempt may take if its node has heard it; a leader may be cut off and not know it
     * @param busyMax how long if its node took the connection and has said nothing
     */
    Connector(
            Loop loop,
            Transport transport,
            LeaderFinder finder,
            List<String> configured,
            Duration namesTimeout,
            Duration waitMax,
            Duration busyMax,
            Owner owner) {
        this.loop = loop;
        this.transport = transport;
        this.finder = finder;
        this.configured = configured;
        this.namesTimeout = namesTimeout;
        this.waitMax = waitMax;
        this.busyMax = busyMax;
        this.owner = owner;
    }

    /** Goes on trying until attached or stopped. */
    void seek() {
        if (seeking) {
            return;
        }
        seeking = true;
        problem.seeking();
        lookUpThen(this::tryNext);
    }

    void stop() {
        seeking = false;
        firstWord = null;
        pause.cancel();
        if (current != null) {
            current.abandon();
            current = null;
        }
    }

    /** Over how long those who lose the leader at one moment should spread their attempts. */
    void spread(Duration time) {
        finder.spread(time);
    }

    /** The stream to an attached node has ended. */
    void lost(String endpoint, boolean silently, String leader) {
        if (silently) {
            transport.disconnect(endpoint);
        }
        finder.lost(endpoint, silently, leader, loop.nanoTime());
    }

    /** Why there is no connection, as far as is known. */
    CoordinatorException problem(String what) {
        return problem.of(what, finder.endpoints(), transport::isKnown);
    }

    List<String> endpoints() {
        return finder.endpoints();
    }

    /**
     * Names can mean other addresses by now. Whoever knows where a node is does not wait for what comes of that; who
     * does not waits for the first word, and no longer than a node may take.
     */
    private void lookUpThen(Runnable next) {
        boolean anyKnown = finder.endpoints().stream().anyMatch(transport::isKnown);
        if (anyKnown) {
            transport.lookUp(finder.endpoints(), this::onLookedUp);
            next.run();
        } else {
            firstWord = next;
            transport.lookUp(finder.endpoints(), this::onLookedUp);
            pause = loop.schedule(this::onFirstWord, namesTimeout.toNanos());
        }
    }

    private void onLookedUp() {
        finder.resolved(transport.expand(configured));
        onFirstWord();
    }

    private void onFirstWord() {
        Runnable next = firstWord;
        if (next != null) {
            firstWord = null;
            pause.cancel();
            next.run();
        }
    }

    private void tryNext() {
        if (!seeking) {
            return;
        }
        LeaderFinder.Attempt next = finder.next(loop.nanoTime());
        if (next.delayNanos() == 0) {
            attempt(next);
        } else {
            // A pause separates rounds; names are looked up again for each.
            pause = loop.schedule(() -> lookUpThen(() -> attempt(next)), next.delayNanos());
        }
    }

    private void attempt(LeaderFinder.Attempt attempt) {
        if (seeking) {
            problem.trying(attempt.endpoint());
            current = new Attempt(attempt.endpoint(), attempt.timeout());
            current.start();
        }
    }

    private void failed(String endpoint, String why) {
        current = null;
        problem.failed(endpoint, why);
        log.debug("Not attached at {}: {}", endpoint, why);
        tryNext();
    }

    /** One try of one node. Once attached, it passes frames on. */
    private final class Attempt implements LinkListener {
        private final String endpoint;
        private final Duration timeout;
        private final long sentNanos = loop.nanoTime();
        private @Nullable Link link;
        private Loop.Timer timer = Loop.Timer.NONE;
        private @Nullable LinkListener attached;
        private boolean heard;
        private boolean over;

        Attempt(String endpoint, Duration timeout) {
            this.endpoint = endpoint;
            this.timeout = timeout;
        }

        void start() {
            timer = loop.schedule(this::onSilence, Times.nanos(timeout));
            Link opened = transport.open(endpoint, this);
            link = opened;
            opened.send(ClientFrame.newBuilder().setHello(owner.hello()).build());
        }

        void abandon() {
            over = true;
            timer.cancel();
            if (link != null) {
                link.close();
            }
        }

        @Override
        public void onFrame(ServerFrame frame) {
            if (attached != null) {
                attached.onFrame(frame);
            } else if (!over && frame.hasGoodbye()) {
                abandon();
                refused(frame.getGoodbye());
            } else if (!over && frame.hasHeard()) {
                onHeard(frame.getHeard());
            } else if (!over && frame.hasWelcome() && link != null) {
                over = true;
                timer.cancel();
                seeking = false;
                current = null;
                problem.solved();
                finder.attached(endpoint, frame.getWelcome().getEndpointsList());
                transport.keepOnly(endpoint);
                transport.lookUp(finder.endpoints(), Connector.this::onLookedUp); // for when this one is lost
                attached = owner.onWelcome(link, endpoint, frame, sentNanos);
            }
        }

        @Override
        public void onReady() {
            if (attached != null) {
                attached.onReady();
            }
        }

        @Override
        public void onClosed(String why) {
            if (attached != null) {
                attached.onClosed(why);
            } else if (!over) {
                abandon();
                transport.disconnect(endpoint);
                finder.unreachable(endpoint);
                problem.unreachable(endpoint, why);
                failed(endpoint, why);
            }
        }

        /** The node is well and has this attempt in its queue: another one would only make that longer. */
        private void onHeard(Heard word) {
            problem.nodeAnswered();
            finder.heard(endpoint);
            heard = true;
            long wait = Math.max(Times.nanos(timeout), TimeUnit.MILLISECONDS.toNanos(word.getWaitMillis()));
            long left = sentNanos + Math.max(Times.nanos(timeout), waitMax.toNanos()) - loop.nanoTime();
            timer.cancel();
            timer = loop.schedule(this::onSilence, Math.min(wait, left));
        }

        /**
         * A slow node keeps its connection, since a new one costs it more; only one that stays silent gets another. A
         * node that has answered at the transport is not dead but busy, and more attempts would make it more so (C-14).
         */
        private void onSilence() {
            long left = sentNanos + busyMax.toNanos() - loop.nanoTime();
            if (!heard && link != null && link.isReady() && left > 0) {
                timer = loop.schedule(this::onSilence, left);
                return;
            }
            abandon();
            if (finder.silent(endpoint) && !heard) {
                transport.disconnect(endpoint);
            }
            failed(endpoint, "no answer in time");
        }

        private void refused(Error goodbye) {
            problem.nodeAnswered();
            switch (goodbye.getCode()) {
                case ESESSION -> {
                    finder.retry(endpoint);
                    current = null;
                    owner.onSessionGone(goodbye.getMessage());
                    tryNext();
                }
                case EAUTH, EACCES, EMISMATCH, EINVAL, ETOOLARGE, EUNKNOWN -> {
                    stop();
                    owner.onRefused(goodbye);
                }
                default -> {
                    finder.notLeader(endpoint, goodbye.getLeaderAddress());
                    problem.leaderIs(goodbye.getLeaderAddress());
                    if (!goodbye.getLeaderAddress().isEmpty()) {
                        transport.lookUp(List.of(goodbye.getLeaderAddress()), Connector.this::onLookedUp);
                    }
                    failed(endpoint, goodbye.getCode() + " " + goodbye.getMessage());
                }
            }
        }
    }
}
