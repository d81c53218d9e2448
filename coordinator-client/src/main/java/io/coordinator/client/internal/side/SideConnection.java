package io.coordinator.client.internal.side;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.SideLinkListener;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.Backoff;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.TopicHello;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's stream of one kind beside that of its session: made when it is wanted, to the node that the session is
 * attached to, and made again when it is lost. Lives on the loop.
 *
 * @param <Q> frames to a node
 * @param <A> frames from a node
 */
public final class SideConnection<Q, A> {
    private static final Logger log = LoggerFactory.getLogger(SideConnection.class);

    private final SideFrames<Q, A> frames;

    private final SessionChannel channel;
    private final Transport transport;
    private final Backoff backoff;
    private final long timeoutNanos;
    private final Owner<Q, A> owner;
    private @Nullable Attempt current;
    private Loop.Timer pause = Loop.Timer.NONE;
    private boolean paused;
    private int failures;
    private boolean held;
    private boolean over;

    /** Whose stream it is. */
    public interface Owner<Q, A> {
        /** Whether there is anything to use a stream for. */
        boolean isWanted();

        /** There is a stream, on which nothing was said yet. */
        void onWelcome(SideLink<Q> link);

        void onFrame(A frame);

        void onReady(SideLink<Q> link);

        /** The stream is lost that there was. */
        void onLost(String why);
    }

    /** @param timeoutNanos how long a node may take to welcome it */
    public SideConnection(
            SideFrames<Q, A> frames,
            SessionChannel channel,
            Transport transport,
            Backoff backoff,
            long timeoutNanos,
            Owner<Q, A> owner) {
        this.frames = frames;
        this.channel = channel;
        this.transport = transport;
        this.backoff = backoff;
        this.timeoutNanos = timeoutNanos;
        this.owner = owner;
    }

    /** The stream, if there is one. */
    public @Nullable SideLink<Q> link() {
        Attempt attempt = current;
        return attempt == null || !attempt.welcomed ? null : attempt.link;
    }

    /** Something has come up to use a stream for. */
    public void want() {
        if (current == null && !paused) {
            connect();
        }
    }

    /** The session has come to a node, anew or for the first time: whatever there was before has ended there. */
    public void attached() {
        drop("the session has come to another stream");
        pause.cancel();
        paused = false;
        connect();
    }

    /** Whether the stream is not read, and the next ones are not. */
    public void hold(boolean newHeld) {
        held = newHeld;
        SideLink<Q> link = link();
        if (link != null) {
            link.hold(held);
        }
    }

    public void end() {
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
        log.debug("The {} is lost: {}", frames.what(), why);
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
    private final class Attempt implements SideLinkListener<A> {
        private @Nullable SideLink<Q> link;
        private Loop.Timer timer = Loop.Timer.NONE;
        private boolean welcomed;
        private boolean ended;

        void start(String endpoint) {
            timer = channel.loop().schedule(() -> lose("no welcome in time"), timeoutNanos);
            SideLink<Q> opened = transport.openSide(endpoint, frames.method(), this);
            link = opened;
            opened.send(frames.hello().apply(hello()));
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
        public void onFrame(A frame) {
            SideLink<Q> opened = link;
            if (ended || opened == null) {
                return;
            }
            if (!welcomed && frames.isWelcome().test(frame)) {
                welcomed = true;
                failures = 0;
                timer.cancel();
                opened.hold(held);
                owner.onWelcome(opened);
            }
            owner.onFrame(frame);
            if (frames.isGoodbye().test(frame)) {
                Error why = frames.goodbye().apply(frame);
                lose(why.getCode() + " " + why.getMessage());
            }
        }

        @Override
        public void onReady() {
            SideLink<Q> opened = link;
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
