package io.coordinator.server.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.SessionFollower;
import io.coordinator.server.session.SideDoor;
import io.coordinator.state.MessageGate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ephemeral topics on the leader: who subscribed to what, and messages on their way from one stream to others.
 * One thread decides, so that all messages have one order; it only puts them in line, and each transport's own thread
 * writes them. How many sessions a message went to is told when it is proven that this node led when it was put in
 * line.
 */
public final class TopicExchange implements SessionFollower {
    private static final int VERSION = 1;
    private static final Logger LOG = LoggerFactory.getLogger(TopicExchange.class);

    private final String node;
    private final TopicSettings settings;
    private final MessageGate gate;
    private final LeaderView leadership;
    private final SideDoor door;
    private final LeadershipProofs proofs;
    private final Executor thread;
    private final TopicMemory memory;
    private final Set<TopicStream> streams = ConcurrentHashMap.newKeySet();
    private final LongAdder slowConsumers = new LongAdder();
    private volatile LongConsumer dropping = session -> {};

    // Of the thread.
    private final Fanout fanout;
    private final Map<Long, TopicStream> bySession = new HashMap<>();
    private final Map<TopicStream, Long> opening = new HashMap<>();

    /**
     * Serves nobody yet.
     *
     * @param gate the rules of what clients send
     * @param thread runs one task at a time, in order, and none in place
     */
    public TopicExchange(
            String node,
            TopicSettings settings,
            MessageGate gate,
            LeaderView leadership,
            SideDoor door,
            LeadershipProofs proofs,
            Executor thread) {
        this.node = node;
        this.settings = settings;
        this.gate = gate;
        this.leadership = leadership;
        this.door = door;
        this.proofs = proofs;
        this.thread = thread;
        this.memory = new TopicMemory(settings.memoryBytes());
        this.fanout = new Fanout(settings, memory);
    }

    /** A client has opened a topic stream; on its transport's thread. */
    public TopicStream connect(FrameSink<TopicServerFrame> sink) {
        MessageQueue queue = new MessageQueue(settings.softLimitBytes(), settings.hardLimitBytes(), memory);
        TopicStream stream = new TopicStream(this, sink, queue);
        streams.add(stream);
        if (streams.size() > settings.streamsMax()) {
            stream.goodbye(error(ErrorCode.EBUSY, "this node has as many topic streams as it takes; try again later"));
        } else {
            stream.wantFrame();
        }
        return stream;
    }

    /** Ends streams whose clients say nothing, or do not take what they are sent. */
    public void sweep(long nowNanos) {
        long patience = TimeUnit.MILLISECONDS.toNanos(settings.slowConsumerMillis());
        streams.forEach(stream -> stream.sweep(nowNanos, patience));
    }

    // ---- figures ----

    /** Topic streams open. */
    public int openStreams() {
        return streams.size();
    }

    /** Subscriptions of all streams. */
    public int subscriptions() {
        return fanout.subscriptions();
    }

    /** Messages that were published. */
    public long published() {
        return fanout.published();
    }

    /** Messages that were put in line, once for each stream. */
    public long queued() {
        return fanout.queued();
    }

    /** Messages that were dropped, once for each stream. */
    public long dropped() {
        return fanout.dropped();
    }

    /** Streams that ended since their clients were too far behind, or took nothing. */
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    /** The heap that waiting messages take, each counted once. */
    public long waitingBytes() {
        return memory.used();
    }

    // ---- for streams, on any thread ----

    MessageGate gate() {
        return gate;
    }

    /** A client has said hello. */
    void greet(TopicStream stream, TopicHello hello) {
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
                public void admitted() {
                    run(() -> attach(stream));
                }

                @Override
                public void refused(Error error) {
                    stream.goodbye(error);
                }
            });
        });
    }

    /** What a frame asks for, in this order, as far as it is well formed. */
    record Wishes(List<Long> unsubscribe, List<SubscribeTopics> subscribe, List<PublishMessage> publish) {}

    void serve(TopicStream stream, Wishes wishes) {
        run(() -> serveNow(stream, wishes));
    }

    /** It takes too little, or nothing. */
    /** Has somebody told of each session for which messages begin to be dropped; it must return at once. */
    public void onDropping(LongConsumer listener) {
        dropping = listener;
    }

    void dropping(long sessionId) {
        dropping.accept(sessionId);
    }

    void slow(TopicStream stream) {
        if (!stream.hasEnded()) {
            slowConsumers.increment();
            stream.goodbye(error(
                    ErrorCode.ESLOWCONSUMER,
                    "this client is too far behind with the messages of its topics, which are lost; its session goes"
                            + " on, open another topic stream and subscribe again"));
        }
    }

    void leave(TopicStream stream) {
        run(() -> {
            opening.remove(stream);
            bySession.remove(stream.sessionId(), stream);
            fanout.unsubscribeAll(stream);
            stream.abandon();
        });
    }

    void gone(TopicStream stream) {
        streams.remove(stream);
    }

    // ---- what becomes of sessions, on any thread ----

    /** A session that comes again has perhaps lost this stream too, and opens another. */
    @Override
    public void attached(long sessionId) {
        run(() ->
                end(sessionId, error(ErrorCode.EDISCONNECTED, "the session was resumed; open its topic stream again")));
    }

    @Override
    public void ended(long sessionId) {
        Error ended = error(ErrorCode.ESESSION, "the session has ended, and its topic stream with it");
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
        streams.forEach(stream -> stream.goodbye(door.notLeader()));
    }

    private void end(long sessionId, Error why) {
        TopicStream stream = bySession.get(sessionId);
        if (stream != null) {
            stream.goodbye(why);
        }
    }

    // ---- on the thread ----

    private void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    /** A defect costs what it concerned, not all topics. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a defect of ephemeral topics; please report it", e);
        }
    }

    private void attach(TopicStream stream) {
        opening.remove(stream);
        if (leadership.state() != LeaderView.State.SERVING) {
            stream.goodbye(door.notLeader());
            return;
        }
        TopicWelcome welcome = TopicWelcome.newBuilder()
                .setVersion(VERSION)
                .setNode(node)
                .setTerm(leadership.term())
                .build();
        if (stream.attach(welcome)) {
            TopicStream before = bySession.put(stream.sessionId(), stream);
            if (before != null) {
                before.goodbye(error(ErrorCode.EDISCONNECTED, "the session has opened another topic stream"));
            }
        }
    }

    private void serveNow(TopicStream stream, Wishes wishes) {
        if (stream.hasEnded()) {
            return;
        }
        wishes.unsubscribe().forEach(id -> fanout.unsubscribe(stream, id));
        wishes.subscribe().forEach(wanted -> stream.answer(fanout.subscribe(stream, wanted)));
        if (!wishes.publish().isEmpty()) {
            publish(stream, wishes.publish());
        }
        stream.wantFrame();
        stream.wake();
    }

    private void publish(TopicStream publisher, List<PublishMessage> messages) {
        if (leadership.state() != LeaderView.State.SERVING) {
            publisher.goodbye(door.notLeader());
            return;
        }
        List<MessagePublished> answers = fanout.publish(publisher, messages, leadership.term());
        if (!answers.isEmpty()) {
            proofs.await(new Counted(publisher, answers));
        }
    }

    /** Answers that are true only of a leader. */
    private final class Counted implements LeadershipProofs.Claim {
        private final TopicStream publisher;
        private final List<MessagePublished> answers;

        Counted(TopicStream publisher, List<MessagePublished> answers) {
            this.publisher = publisher;
            this.answers = answers;
        }

        @Override
        public void proven() {
            answers.forEach(publisher::answer);
            publisher.wake();
        }

        @Override
        public void refused() {
            publisher.goodbye(door.notLeader());
        }
    }

    static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
