package io.coordinator.client.internal.topic;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.TopicLink;
import io.coordinator.client.internal.net.TopicLinkListener;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.Backoff;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicServerFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's topic stream: made when it is wanted, to the node that the session is attached to, and made again when
 * it is lost. Lives on the loop.
 */
final class TopicConnection {
    private static final Logger log = LoggerFactory.getLogger(TopicConnection.class);

    private final SessionChannel channel;
    private final Transport transport;
    private final Backoff backoff;
    private final long timeoutNanos;
    private final Owner owner;
    private @Nullable Attempt current;
    private Loop.Timer pause = Loop.Timer.NONE;
    private boolean paused;
    private int failures;
    private boolean held;
    private boolean over;

    /** Whose stream it is. */
    interface Owner {
        /** Whether there is anything to use a stream for. */
        boolean isWanted();

        /** There is a stream, on which nothing is subscribed yet. */
        void onWelcome(TopicLink link);

        void onFrame(TopicServerFrame frame);

        void onReady(TopicLink link);

        /** The stream is lost that there was. */
        void onLost(String why);
    }

    /** @param timeoutNanos how long a node may take to welcome it */
    TopicConnection(SessionChannel channel, Transport transport, Backoff backoff, long timeoutNanos, Owner owner) {
        this.channel = channel;
        this.transport = transport;
        this.backoff = backoff;
        this.timeoutNanos = timeoutNanos;
        this.owner = owner;
    }

    /** The stream, if there is one. */
    @Nullable
    TopicLink link() {
        Attempt attempt = current;
        return attempt == null || !attempt.welcomed ? null : attempt.link;
    }

    /** Something has come up to use a stream for. */
    void want() {
        if (current == null && !paused) {
            connect();
        }
    }

    /** The session has come to a node, anew or for the first time: whatever there was before has ended there. */
    void attached() {
        drop("the session has come to another stream");
        pause.cancel();
        paused = false;
        connect();
    }

    /** Whether the stream is not read, and the next ones are not. */
    void hold(boolean newHeld) {
        held = newHeld;
        TopicLink link = link();
        if (link != null) {
            link.hold(held);
        }
    }

    void end() {
        over = true;
        pause.cancel();
        drop("the client has no session any more");
    }

    private void connect() {
        String endpoint = channel.leaderEndpoint();
        if (endpoint != null && !over && current == null && owner.isWanted()) {
            Attempt attempt = new Attempt();
            current = attempt;
            attempt.start(endpoint);
        }
    }

    private void drop(String why) {
        Attempt attempt = current;
        current = null;
        if (attempt != null) {
            attempt.end();
            if (attempt.welcomed) {
                owner.onLost(why);
            }
        }
    }

    private void failed(String why) {
        log.debug("The topic stream is lost: {}", why);
        drop(why);
        if (!over && !paused) {
            paused = true;
            pause = channel.loop().schedule(this::goOn, backoff.pauseNanos(failures++, Long.MAX_VALUE));
        }
    }

    private void goOn() {
        paused = false;
        connect();
    }

    /** One stream, from the wish to reach a node to its end. */
    private final class Attempt implements TopicLinkListener {
        private @Nullable TopicLink link;
        private Loop.Timer timer = Loop.Timer.NONE;
        private boolean welcomed;
        private boolean ended;

        void start(String endpoint) {
            timer = channel.loop().schedule(() -> lose("no welcome in time"), timeoutNanos);
            TopicLink opened = transport.openTopics(endpoint, this);
            link = opened;
            opened.send(TopicClientFrame.newBuilder().setHello(hello()).build());
        }

        private TopicHello hello() {
            Hello hello = channel.hello();
            return TopicHello.newBuilder()
                    .setVersionMin(hello.getVersionMin())
                    .setVersionMax(hello.getVersionMax())
                    .setCluster(hello.getCluster())
                    .setSessionId(hello.getSessionId())
                    .setResumeToken(hello.getResumeToken())
                    .setAuthToken(hello.getAuthToken())
                    .build();
        }

        void end() {
            ended = true;
            timer.cancel();
            if (link != null) {
                link.close();
            }
        }

        private void lose(String why) {
            if (!ended) {
                failed(why);
            }
        }

        @Override
        public void onFrame(TopicServerFrame frame) {
            TopicLink opened = link;
            if (ended || opened == null) {
                return;
            }
            if (frame.hasWelcome() && !welcomed) {
                welcomed = true;
                failures = 0;
                timer.cancel();
                opened.hold(held);
                owner.onWelcome(opened);
            }
            owner.onFrame(frame);
            if (frame.hasGoodbye()) {
                lose(frame.getGoodbye().getCode() + " " + frame.getGoodbye().getMessage());
            }
        }

        @Override
        public void onReady() {
            TopicLink opened = link;
            if (!ended && welcomed && opened != null) {
                owner.onReady(opened);
            }
        }

        @Override
        public void onClosed(String why) {
            lose(why);
        }
    }
}
