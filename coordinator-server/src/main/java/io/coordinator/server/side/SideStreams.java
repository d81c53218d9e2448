package io.coordinator.server.side;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.SessionFollower;
import io.coordinator.server.session.SideDoor;
import io.coordinator.state.SessionView;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one kind that clients have open beside those of their sessions: one for each session. A stream ends
 * with its session, with the leadership of this node, and when the session comes again.
 */
public final class SideStreams implements SessionFollower {
    private static final int VERSION = 1;
    private static final Logger LOG = LoggerFactory.getLogger(SideStreams.class);

    private final Kind kind;
    private final String node;
    private final LeaderView leadership;
    private final SideDoor door;
    private final Executor thread;
    private final Set<SideStream<?, ?>> streams = ConcurrentHashMap.newKeySet();
    private final LongAdder slowConsumers = new LongAdder();

    // Of the thread.
    private final Map<Long, SideStream<?, ?>> bySession = new HashMap<>();
    private final Map<SideStream<?, ?>, Long> opening = new HashMap<>();

    /**
     * What the streams are.
     *
     * @param what what people call one
     * @param whatIsLost what people lose with one whose client is too slow, as the end of a sentence
     * @param streamsMax how many this node takes
     * @param slowConsumerMillis how long a client may take nothing of what it is sent
     */
    public record Kind(String what, String whatIsLost, int streamsMax, long slowConsumerMillis) {}

    /** @param thread runs one task at a time, in order, and none in place */
    public SideStreams(Kind kind, String node, LeaderView leadership, SideDoor door, Executor thread) {
        this.kind = kind;
        this.node = node;
        this.leadership = leadership;
        this.door = door;
        this.thread = thread;
    }

    String what() {
        return kind.what();
    }

    // ---- on any thread ----

    /** A client has opened a stream; on its transport's thread. */
    public void connect(SideStream<?, ?> stream) {
        streams.add(stream);
        if (streams.size() > kind.streamsMax()) {
            stream.goodbye(
                    error(ErrorCode.EBUSY, "this node has as many " + what() + "s as it takes; try again later"));
        } else {
            stream.wantFrame();
        }
    }

    /** Ends streams whose clients say nothing, or do not take what they are sent. */
    public void sweep(long nowNanos) {
        long patience = TimeUnit.MILLISECONDS.toNanos(kind.slowConsumerMillis());
        streams.forEach(stream -> stream.sweep(nowNanos, patience));
    }

    /** Streams open. */
    public int open() {
        return streams.size();
    }

    /** Streams that ended since their clients were too far behind, or took nothing. */
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    /** It takes too little, or nothing. */
    public void slow(SideStream<?, ?> stream) {
        if (!stream.hasEnded()) {
            slowConsumers.increment();
            stream.goodbye(error(ErrorCode.ESLOWCONSUMER, "this client is too far behind with " + kind.whatIsLost()));
        }
    }

    /** Ends the stream unless this node leads; true if it does. */
    public boolean leads(SideStream<?, ?> stream) {
        boolean leads = leadership.state() == LeaderView.State.SERVING;
        if (!leads) {
            notLeader(stream);
        }
        return leads;
    }

    /** Sends the client of a stream to another node. */
    public void notLeader(SideStream<?, ?> stream) {
        stream.goodbye(door.notLeader());
    }

    /** A client has said hello. */
    void greet(SideStream<?, ?> stream, TopicHello hello) {
        Hello shown = Hello.newBuilder()
                .setVersionMin(hello.getVersionMin())
                .setVersionMax(hello.getVersionMax())
                .setCluster(hello.getCluster())
                .setSessionId(hello.getSessionId())
                .setResumeToken(hello.getResumeToken())
                .setAuthToken(hello.getAuthToken())
                .build();
        stream.opening(hello.getSessionId());
        run(() -> {
            // From here on it hears of the end of its session.
            opening.put(stream, hello.getSessionId());
            door.greet(shown, stream.caller(), new SideDoor.Guest() {
                @Override
                public void admitted(SessionView session) {
                    run(() -> attach(stream, session.clientName()));
                }

                @Override
                public void refused(Error error) {
                    stream.goodbye(error);
                }
            });
        });
    }

    void leave(SideStream<?, ?> stream) {
        run(() -> {
            opening.remove(stream);
            bySession.remove(stream.sessionId(), stream);
            stream.abandon();
        });
    }

    void gone(SideStream<?, ?> stream) {
        streams.remove(stream);
    }

    /** Runs something on the thread of the streams. A defect costs what it concerned, not all streams. */
    public void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a defect of a {}; please report it", what(), e);
        }
    }

    // ---- what becomes of sessions, on any thread ----

    /** A session that comes again has perhaps lost this stream too, and opens another. */
    @Override
    public void attached(long sessionId) {
        run(() -> end(
                sessionId, error(ErrorCode.EDISCONNECTED, "the session was resumed; open its " + what() + " again")));
    }

    @Override
    public void ended(long sessionId) {
        Error ended = error(ErrorCode.ESESSION, "the session has ended, and its " + what() + " with it");
        run(() -> {
            end(sessionId, ended);
            opening.forEach((stream, session) -> {
                if (session == sessionId) {
                    stream.goodbye(ended);
                }
            });
        });
    }

    @Override
    public void leadershipLost() {
        streams.forEach(this::notLeader);
    }

    // ---- on the thread ----

    private void end(long sessionId, Error why) {
        SideStream<?, ?> stream = bySession.get(sessionId);
        if (stream != null) {
            stream.goodbye(why);
        }
    }

    private void attach(SideStream<?, ?> stream, String clientName) {
        opening.remove(stream);
        if (!leads(stream)) {
            return;
        }
        TopicWelcome welcome = TopicWelcome.newBuilder()
                .setVersion(VERSION)
                .setNode(node)
                .setTerm(leadership.term())
                .build();
        if (stream.attach(welcome, clientName)) {
            SideStream<?, ?> before = bySession.put(stream.sessionId(), stream);
            if (before != null) {
                before.goodbye(error(ErrorCode.EDISCONNECTED, "the session has opened another " + what()));
            }
        }
    }

    /** A refusal. */
    public static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
